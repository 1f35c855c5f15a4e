"""Names that a wrapped server injects, in the calling conventions of its profile."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.model import Facts, Kind


def seen(profile: str, code: str) -> list[tuple[str, str]]:
    return [(effect.kind.value, effect.resource.name) for effect in analyse(code, Facts(profile=profile, restorable=False))]


@pytest.mark.parametrize(
    ("profile", "code", "expected"),
    [
        ("fastmcp", "await call_tool('list_users', {})", [("tool.read", "fastmcp/list_users")]),
        ("fastmcp", "return await call_tool('delete_user', {'id': 1})", [("tool.destructive", "fastmcp/delete_user")]),
        ("fastmcp", "tool = 'create_' + 'user'\nawait call_tool(tool, {})", [("tool.write", "fastmcp/create_user")]),
        ("elusznik", "mcp_servers['github'].create_issue(title='x')", [("tool.write", "elusznik/github.create_issue")]),
        ("elusznik", "await runtime.call_tool('gh', 'get_repo', {})", [("tool.read", "gh/get_repo")]),
        ("fastmcp", "await call_tool('query', {'sql': 'SELECT 1', 'limit': 5})", [("tool.read", "fastmcp/query")]),
        ("fastmcp", "await call_tool('get_rows', {'q': 'SELECT 1; DROP TABLE x'})", [("tool.destructive", "fastmcp/get_rows")]),
        ("fastmcp", "await call_tool('read_query', {'query': 'DELETE FROM x'})", [("tool.destructive", "fastmcp/read_query")]),
        ("fastmcp", "await call_tool('query', {'sql': f'SELECT * FROM {input()}'})", [("tool.destructive", "fastmcp/query")]),
        ("fastmcp", "await call_tool('query', input())", [("tool.destructive", "fastmcp/query")]),
        ("fastmcp", "await call_tool('query', {**input()})", [("tool.destructive", "fastmcp/query")]),
        ("fastmcp", "await call_tool('search_docs', {'query': 'how to delete a zone', 'limit': len(input())})", [("tool.read", "fastmcp/search_docs")]),
        ("elusznik", "await runtime.call_tool('pg', 'query', {'statement': 'DROP TABLE x'})", [("tool.destructive", "pg/query")]),
        ("agent-codemode", "from generated.mcp.pg import query\nquery('DROP TABLE x')", [("tool.destructive", "agent-codemode/pg.query")]),
        ("elusznik", "from mcp.servers.gh import drop_all\ndrop_all()", [("tool.destructive", "elusznik/gh.drop_all")]),
        ("elusznik", "save_tool('x')", [("opaque", "run")]),
        ("elusznik", "print(runtime.discovered_servers())", [("tool.read", "elusznik/discovered_servers")]),
        ("elusznik", "import mcp.runtime as r\nprint(r.search_tool_docs('zones'))", [("tool.read", "elusznik/search_tool_docs")]),
        ("elusznik", "from mcp import runtime\nawait runtime.call_tool('gh', 'delete_issue', {})", [("tool.destructive", "gh/delete_issue")]),
        ("elusznik", "from mcp.runtime import call_tool\nawait call_tool('gh', 'delete_issue', {})", [("tool.destructive", "gh/delete_issue")]),
        ("agent-codemode", "from generated.mcp.github import create_issue as c\nc(x=1)", [("tool.write", "agent-codemode/github.create_issue")]),
        ("pydantic-ai", "import asyncio\nawait asyncio.gather(get_a(), get_b())", [("tool.read", "pydantic-ai/get_a"), ("tool.read", "pydantic-ai/get_b")]),
        ("pydantic-ai", "def mine(): return 1\nmine()", []),
        ("fastmcp", "try:\n    if input():\n        raise ValueError('no')\nexcept Exception as error:\n    print(str(error))", []),
        ("pydantic-ai", "class Wrong(RuntimeError):\n    pass\nraise Wrong('no') from KeyError('a')", []),
        ("pydantic-ai", "f = send_mail\nf('x')", [("tool.write", "pydantic-ai/send_mail")]),
    ],
)  # fmt: skip
def test_a_call_of_an_injected_name_is_that_tool(profile: str, code: str, expected: list[tuple[str, str]]) -> None:
    assert seen(profile, code) == expected


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ("fastmcp", "await call_tool(input(), {})"),
        ("fastmcp", "await something_else('x')"),
        ("elusznik", "mcp_servers[input()].x()"),
        ("elusznik", "runtime.call_tool(input(), 'x', {})"),
        ("agent-codemode", "from generated.mcp import __loader__ as a\nprint(a.get_data('/etc/passwd'))"),
        ("agent-codemode", "from generated.mcp import __builtins__ as a\na.get('open')('x', 'w')"),
        ("agent-codemode", "import generated.mcp.gh as g\ng.sys.modules.get('os').getcwd()"),
        ("agent-codemode", "import generated\ngenerated.mcp.gh.subprocess.check_output(['x'])"),
        ("agent-codemode", "from generated.mcp.gh.list_x import Any\nAny.get()"),
        ("agent-codemode", "from generated import call_tool\nawait call_tool('gh__delete_issue', {})"),
        ("agent-codemode", "import json\nprint(vars(json).get('__loader__').get_data('x'))"),
        ("elusznik", "mcp_servers['gh']['__self__'].get_x()"),
        ("elusznik", "print(runtime.list_tools.__self__.get_data('x'))"),
        ("pydantic-ai", "box = [delete_all]\nrun_unseen(box)"),
    ],
)
def test_what_could_be_any_tool_is_opaque(profile: str, code: str) -> None:
    assert Kind.OPAQUE.value in {kind for kind, _ in seen(profile, code)}


def test_a_secret_that_goes_into_a_tool_is_said() -> None:
    effects = analyse("await call_tool('post', {'text': open('.env').read()})", Facts(profile="fastmcp", restorable=False))
    assert next(effect for effect in effects if effect.kind is Kind.TOOL_WRITE).tainted


@pytest.mark.parametrize(
    "code",
    [
        "db.drop('x')", "x = db.users\nx.remove()", "for a in things:\n    a.remove()", "getattr(db, 'drop')()", "db['x'] = 1", "del db.x",
        "async def main(client):\n    await client.zones.delete('1')\n", "class Tool:\n    def run(self, ctx):\n        ctx.delete('1')\n",
        "main = lambda ctx: ctx.delete('x')", "@tool\ndef f():\n    pass",
    ],
)  # fmt: skip
def test_behind_a_server_that_nobody_knows_what_the_program_does_not_make_itself_could_be_anything(code: str) -> None:
    assert ("opaque", "run") in seen("generic-python", code)


@pytest.mark.parametrize(
    "code",
    ["def add(a, b):\n    return a.join(b)\nprint(add('x', ['y']))", "print(sum(x for x in range(9)))", "def main():\n    return 1\n"],
)
def test_behind_a_server_that_nobody_knows_pure_computing_is_still_that(code: str) -> None:
    assert seen("generic-python", code) == []
