"""Words that the interpreter knows: names of methods, attributes and builtins that mean something wherever they stand."""

from __future__ import annotations

import string


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EVERYDAY = _words(
    """
    accept add add_all agg aggregate all append append_to apply batchGet batchUpdate bind call callproc check chmod clear click clone
    close command config connect copy copy_into count create cwd delete dir discard distinct do download drop dump edit emptyTrash
    environ eval evaluate exec execute exists expire export extract fetch fetchrow fetchval fill filter find first get glob goto head
    image import_ index info init insert join keys kill last launch list listen load local login lookup map merge method mkd modify
    move move_into nice open options output patch ping pipe pop post press prune publish put put_nowait query quit read register
    remove rename render replace request resolve resume revert rlimit rmd run save save_model scalar scalars scan schedule search send
    send_signal set setContent setMedia setPos setSource size sql start stat stop stream submit subscribe sudo suspend terminate
    to_html to_latex to_markdown to_string to_xml touch transform trash type update upload upload_blob view walk write
    """
)
"""Method names that everyday objects have too: on a value of unknown class they count only with a telling argument (a URL, SQL)."""

DISTINCT = _words(
    """
    executemany executescript extractall hardlink_to read_bytes read_text rmdir rmtree sendall symlink_to unlink write_bytes
    write_text
    """
)
"""Method names that say what they do, wherever the object comes from."""

INTERNALS = _words(
    """
    __base__ __bases__ __builtin__ __builtins__ __closure__ __code__ __defaults__ __func__ __getattribute__ __globals__ __import__
    __import_hook__ __init_subclass__ __kwdefaults__ __loader__ __mro__ __objclass__ __reduce__ __reduce_ex__ __self__ __self_class__
    __set_name__ __spec__ __subclasses__ __subclasshook__ __thisclass__ __traceback__ __weakref__ __wrapped__ _getframe ag_frame
    co_code cr_code cr_frame exec_module f_back f_builtins f_code f_globals f_locals find_module func_code func_globals gi_code
    gi_frame gi_yieldfrom im_class im_func im_self load_module mro tb_frame tb_lasti tb_next
    """
)
"""Attributes that lead from an object into the interpreter."""

CALM = _words(
    """
    __base__ __defaults__ __func__ __init_subclass__ __self__ __traceback__ __weakref__ __wrapped__
    """
)
"""Of these, those that ordinary code reads without going on."""

BUILTINS = _words(
    """
    __build_class__ __debug__ __import__ __loader__ __spec__ abs aiter all anext any apply ascii basestring bin bool breakpoint buffer
    bytearray bytes callable chr classmethod cmp coerce compile complex copyright credits delattr dict dir divmod enumerate eval exec
    execfile exit file filter float format frozenset getattr globals hasattr hash help hex id input int intern isinstance issubclass
    iter len license list locals long map max memoryview min next object oct open ord pow print property quit range raw_input reduce
    reload repr reversed round set setattr slice sorted staticmethod str sum super tuple type unichr unicode vars xrange zip
    """
)
"""Names that Python (2 or 3) has without an import."""

PLAIN = _words(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError
    BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning
    EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError
    FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError
    KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented
    NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StandardError StopAsyncIteration StopIteration SyntaxError
    SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
    UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
    """
)
"""The others of them: errors and such. They do nothing, so nothing need be known of them."""

DOORS = _words(
    """
    bltns builtins code ctypes imp importlib marshal multiprocessing os pickle posix pty runpy shutil socket subprocess sys
    """
)
"""Modules that other modules import for themselves: as an attribute of those they are a way around an import."""

FINDS = _words(
    """
    calendar collections datetime difflib fnmatch getpass glob hashlib heapq hmac itertools locale math mimetypes os platform random
    secrets statistics sys time uuid zoneinfo sqlite3 configparser
    """
)
"""Modules that give what is so outside, or one of the things that they are given as it is."""

PUTS = _words("replace join format format_map ljust rjust center translate sub subn expand strftime expandtabs substitute safe_substitute")
"""Methods that put a text that they are given into the one that they give."""

SAVES = _words(
    """
    dump_stats export postscript save save_model save_weights savefig to_disk to_file writeLP write_html write_pdf write_png write_svg
    """
)
"""Methods that write a file, whatever object has them; `save` and `export` only with the name of a file."""

TRUSTS = _words("allow_dangerous_deserialization allow_pickle trust_remote_code")
"""Arguments of libraries by which data may bring code."""

TEXT_METHODS = _words(
    """
    capitalize casefold center count decode encode endswith expandtabs find format format_map hex index isalpha isdigit join ljust
    lower lstrip partition removeprefix removesuffix replace rjust rpartition rsplit rstrip split splitlines startswith strip swapcase
    title translate upper zfill
    """
)
"""Methods of str and bytes that are computed on constants."""

KEEPS = _words(
    """
    asyncio.create_task asyncio.ensure_future asyncio.gather asyncio.run asyncio.wait_for builtins.bytes builtins.dict
    builtins.enumerate builtins.filter builtins.frozenset builtins.iter builtins.list builtins.max builtins.min builtins.next
    builtins.repr builtins.reversed builtins.set builtins.sorted builtins.str builtins.sum builtins.super builtins.tuple builtins.zip
    collections.OrderedDict collections.deque copy.copy copy.deepcopy heapq.nlargest heapq.nsmallest inspect.cleandoc
    itertools.batched itertools.chain itertools.chain.from_iterable itertools.combinations itertools.combinations_with_replacement
    itertools.compress itertools.cycle itertools.dropwhile itertools.filterfalse itertools.groupby itertools.islice itertools.pairwise
    itertools.permutations itertools.product itertools.takewhile itertools.tee json.dumps json.loads
    more_itertools.batched more_itertools.chunked more_itertools.peekable more_itertools.unique_everseen more_itertools.windowed
    natsort.humansorted natsort.natsorted natsort.os_sorted natsort.realsorted random.choice random.choices random.sample
    rich.progress.track textwrap.dedent tqdm.asyncio.tqdm tqdm.auto.tqdm tqdm.notebook.tqdm tqdm.rich.tqdm tqdm.tqdm
    types.SimpleNamespace urllib.parse.quote urllib.parse.unquote urllib.parse.urljoin
    """
)
"""Pure callables whose result is, or is made of, what they are given."""

LAZY = _words(
    """
    builtins.enumerate builtins.filter builtins.iter builtins.reversed builtins.zip itertools.accumulate itertools.chain
    itertools.chain.from_iterable itertools.cycle itertools.dropwhile itertools.filterfalse itertools.groupby itertools.islice
    itertools.pairwise itertools.product itertools.starmap itertools.takewhile itertools.zip_longest
    """
)
"""Callables that go through what they are given when somebody goes through what they give."""

PEEKS = _words(
    """
    builtins.callable builtins.dir builtins.getattr builtins.hasattr builtins.help builtins.id builtins.isinstance builtins.issubclass
    builtins.repr builtins.super builtins.type inspect.getsource
    """
)
"""Callables that only look at a library thing that they are given."""

ASKS = _words(
    """
    builtins.abs builtins.all builtins.any builtins.bool builtins.bytes builtins.callable builtins.dict builtins.dir builtins.divmod
    builtins.enumerate builtins.float builtins.format builtins.frozenset builtins.hasattr builtins.hash builtins.id builtins.int
    builtins.isinstance builtins.issubclass builtins.iter builtins.len builtins.list builtins.max builtins.min builtins.next
    builtins.ord builtins.pow builtins.print builtins.range builtins.repr builtins.reversed builtins.round builtins.set builtins.sorted
    builtins.str builtins.sum builtins.super builtins.tuple builtins.type builtins.zip json.dumps math.hypot math.isclose math.sqrt
    pprint.pformat pprint.pprint types.SimpleNamespace
    add append appendleft count discard endswith extend find format get index info insert items join keys pop popleft put remove
    replace setdefault split startswith strip update values write
    """
)
"""Pure callables, and methods of everyday objects, that never call what they are given, but for a `key` or a `default`."""

COUNTS = _words("datetime decimal fractions math random statistics time")
"""Modules of which no function calls what it is given."""

FAMILY = _words("__subclasses__ __mro__ mro __bases__ __base__")
"""Of INTERNALS: what a class of the program may be asked; going on from there to a class of the interpreter is seen again."""

CODE_FACTS = _words("co_argcount co_varnames co_name co_kwonlyargcount co_posonlyargcount co_filename co_firstlineno co_names co_flags")
"""Attributes of code objects that say something about a function and lead nowhere."""

LEADING = _words(
    "__import__ apply breakpoint compile delattr eval exec execfile file getattr globals input locals open raw_input reload setattr vars"
)
"""Built-in names that lead out of a program, or to what it does not name."""

ASSUMED = _words(
    """
    os sys subprocess shutil socket requests urllib urllib2 http httplib ctypes importlib tempfile sqlite3 smtplib ftplib telnetlib shelve
    pickle cPickle marshal pathlib glob io multiprocessing webbrowser zipfile tarfile codecs builtins
    """
)
"""Modules that a fragment may mean by their names without importing them, as the rest of its session would have."""

FAR_DOORS = _words("os sys subprocess builtins shutil importlib posix")
"""Modules that are recognised as an attribute of a value of which nothing is known."""

COMPUTE = _words(
    """
    abc argparse array ast base64 bisect calendar cmath collections contextlib copy dataclasses datetime decimal difflib doctest enum
    errno fractions functools gc graphlib hashlib heapq hmac html inspect itertools json keyword locale math numbers operator pprint
    queue random re secrets statistics string struct sympy sys textwrap threading time timeit traceback types typing typing_extensions
    unicodedata uuid warnings weakref zlib zoneinfo __future__
    """
)
"""Modules with which nothing is opened, unless a program says one of the names for it."""

ARGUMENT_PARSERS = _words("argparse.Parser argparse.Action argparse.FileType click.Command click.Parameter typer.App")
"""Classes of the tables that make what a program is given of the command line."""

TEST_MARKS = _words("approx fail fixture importorskip main mark param raises skip warns xfail")
"""What a module of tests says with pytest that does nothing where the tests are not run."""

COMMAND_LINES = _words("argparse click optparse typer")
"""Their modules."""

PARSER_TEXTS = _words("description epilog usage prog formatter_class title required help metavar completer add_help info")
"""Attributes of those that change what is said, and not what is given."""

TAKES = _words("copy index count pop clear remove sort reverse __len__ __contains__ __iter__ __getitem__")
"""Methods of a list by which nothing comes into it."""

LOOKS = _words(
    """
    builtins.len builtins.print builtins.list builtins.tuple builtins.iter builtins.enumerate builtins.sorted builtins.reversed
    builtins.map builtins.filter builtins.zip builtins.any builtins.all builtins.sum builtins.max builtins.min builtins.next
    builtins.set builtins.frozenset builtins.str builtins.repr builtins.bool builtins.isinstance builtins.range builtins.getattr
    builtins.hasattr builtins.vars builtins.dict itertools.chain itertools.islice itertools.product itertools.groupby
    itertools.chain.from_iterable functools.partial json.dumps logging.info pprint.pprint sys.exit argcomplete.autocomplete
    concurrent.futures.as_completed asyncio.gather asyncio.run collections.Counter
    """
)
"""Callables that put nothing into a list that they are given."""

ITERATES = _words(
    """
    builtins.enumerate builtins.frozenset builtins.iter builtins.list builtins.max builtins.min builtins.reversed builtins.set
    builtins.sorted builtins.tuple itertools.islice
    """
)
"""Of KEEPS: callables that iterate over their first argument."""

DESCRIBES = _words("dataclasses.asdict dataclasses.astuple dataclasses.fields json.dump json.dumps pprint.pformat pprint.pprint")
"""Callables that give what is in the fields of an object, and not the object."""

HOLDS = _words("builtins.dict collections.OrderedDict")
"""Callables that keep what they are given by name, for the program to take out again."""

COLUMN_METHODS = _words(
    """
    abs all any astype between capitalize clip contains count cumsum date day dayofweek diff dt endswith eq fillna fullmatch ge get gt hour
    index isalpha isdigit isin isna isnull isnumeric le len lower lstrip lt match max mean median min minute month ne notna notnull nunique
    pct_change quantile quarter rank round rstrip second shift startswith std str strip sum title upper values var weekday year zfill
    """
)
"""Attributes and methods of a column of a table that look at it."""

FORMULA = _words(
    """
    Abs Add And Chi Ci Derivative E Ei Eq Equality FiniteSet Float Ge GreaterThan Gt Heaviside Integer Integral Interval Le LessThan
    Li Limit Lt Max Min Mod Mul N Ne Not Or Piecewise Pow Product Rational Si Sum Unequality Union Xor abs acos acosh acot acoth acsc
    arccos arccosh arcsin arcsinh arctan arctanh arg asec asin asinh atan atan2 atanh beta binomial cbrt ceiling conjugate cos cosh cot
    coth csc csch diff digamma erf erfc exp expand factor factorial factorial2 fibonacci floor gamma gcd im integrate lambertw lcm limit
    ln log log10 loggamma lowergamma max min mod pi polygamma pow re root round sec sech sign simplify sin sinc sinh sqrt sum tan tanh
    transpose uppergamma zeta Tuple Point Matrix LambertW DiracDelta Si airyai airybi besseli besselj besselk bessely and or not
    if else is in
    """
)
"""Functions and constants of mathematics in a text for sympy; Python's words before a parenthesis."""

NAMES_ONLY = _words(
    """
    Dummy Function MatrixSymbol Symbol Wild fcode ccode latex pprint pretty pretty_print print_latex pycode srepr sstr
    sstrrepr symbols var Symbols CoordSys3D ReferenceFrame dynamicsymbols
    """
)
"""Functions of sympy that take texts for names or to be shown, and evaluate none."""

WINDOWS = _words("tkinter Tkinter customtkinter ttkbootstrap turtle tkhtmlview PySimpleGUI FreeSimpleGUI")
"""Libraries of which every window has an interpreter of Tcl."""

MODULE_TEXTS = {
    **{
        f"{module}.{name}": value
        for module in ("os", "os.path")
        for name, value in (("sep", "/"), ("curdir", "."), ("pardir", ".."), ("extsep", "."))
    },
    **{
        f"string.{name}": getattr(string, name) for name in ("ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "punctuation")
    },
}
"""What paths and other texts are put together of."""

LOADERS = _words("ctypes.cdll ctypes.windll ctypes.oledll ctypes.pydll")
"""Objects of which each attribute is a library that is loaded."""
