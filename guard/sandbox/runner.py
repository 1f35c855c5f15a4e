"""Runs one Python program inside the box, as `__main__`; guard passes this text to `python3 -I -c`. Nothing here is a control: the
program may undo all of it.

It adds what a submitted program may use beyond a script: `await` at the top level, `return` at the top level (its value is printed),
and imports of workspace modules, which come last, so that they never shadow the standard library. To itself it lies in the workspace
(`__file__`), as a script that an agent writes beside its data would, although no file is there. In a box that was started ahead of need
it waits until its program is there.
"""

# ruff: noqa: S102, S307 - running what it is given, and at once, is what it is for: imports of types and __future__ would take time

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types


def main() -> None:
    import builtins

    lies, folder, path = sys.argv[1:4]
    if sys.argv[4:]:
        wait(folder)
    sys.argv = [path]
    sys.path.append(folder)
    with open(lies, "rb") as file:
        source = file.read()
    module = type(sys)("__main__")
    module.__dict__.update(__file__=path, __builtins__=builtins, __cached__=None, __loader__=Source(source))
    sys.modules["__main__"] = module
    sys.excepthook = lambda kind, error, trace: show(error, path, source)
    value = run(source, path, module.__dict__)
    if value is not None:
        print(value)


class Source:
    """Where tracebacks, `inspect` and `pdb` find the program's lines."""

    def __init__(self, source: bytes) -> None:
        self.source = source

    def get_source(self, name: str) -> str:
        return self.source.decode("utf-8", "replace")


def show(error: BaseException, path: str, source: bytes) -> None:
    """Print an error without the runner's frames, and with the program's lines."""
    import traceback

    if isinstance(error, SyntaxError) and error.text is None and error.filename == path and error.lineno:
        error.text = (source.decode("utf-8", "replace").splitlines() + [""] * error.lineno)[error.lineno - 1]
    traceback.print_exception(error.with_traceback(own(error.__traceback__, path)))


def wait(folder: str) -> None:
    """Say that the interpreter is up and wait for a byte; its end instead means that guard is gone. Then all is as if just started."""
    import os

    os.write(1, b".")
    if not os.read(0, 1):
        os._exit(1)
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.chdir(folder)
    os.environ["PWD"] = folder


def own(trace: "types.TracebackType | None", path: str) -> "types.TracebackType | None":
    """A traceback without the runner's frames, which say nothing about the program."""
    while trace and trace.tb_frame.f_code.co_filename != path:
        trace = trace.tb_next
    return trace


def run(source: bytes, path: str, names: "dict[str, object]") -> object:
    try:
        code = compile(source, path, "exec", flags=0x2000, dont_inherit=True)  # PyCF_ALLOW_TOP_LEVEL_AWAIT
    except SyntaxError as error:
        if not str(error.msg).startswith("'return'"):
            raise
        code, returns = wrapped(source, path, error), True
    else:
        returns = False
    result: object = None
    if code.co_flags & 0x80:  # CO_COROUTINE
        import asyncio

        asyncio.run(eval(code, names))
    else:
        exec(code, names)
    if returns:
        import asyncio

        awaitable = names.pop("__guard_program__")()  # type: ignore[operator]
        if not hasattr(awaitable, "send"):
            raise SyntaxError("'yield' outside function")
        result = asyncio.run(awaitable)
    return result


def wrapped(source: bytes, path: str, error: SyntaxError):  # type: ignore[no-untyped-def]
    """The program as the body of a coroutine function, which is where `return` may stand."""
    import ast

    tree = ast.parse(source, path)
    head = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    body = [node for node in tree.body if node not in head]
    function = ast.parse("async def __guard_program__(): pass").body[0]
    function.body = body  # type: ignore[attr-defined]
    tree.body = [*head, function]
    try:
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
    except SyntaxError:
        raise error from None


if __name__ == "__main__":
    main()
