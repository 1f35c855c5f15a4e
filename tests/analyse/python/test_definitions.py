"""Imports: of the workspace first, relative ones, unknown ones; code in docstrings and classes."""

from __future__ import annotations

import hashlib

import pytest

from guard.analyse.python import analyse, examine
from guard.model import Facts, Kind

HELPER = "import os\n\ndef clean(path):\n    os.remove(path)\n"


def test_a_workspace_module_is_analysed_with_the_program_and_its_digest_is_given() -> None:
    facts = Facts(workspace="/w", modules=(("tools/helper.py", HELPER), ("tools/__init__.py", "")))
    found = examine("from tools.helper import clean\nclean('a')\n", facts)
    effect = next(effect for effect in found.effects if effect.kind is Kind.FS_DELETE)
    assert effect.resource.name == "/w/a"
    assert "tools/helper.py" in effect.note
    assert ("tools/helper.py", hashlib.sha256(HELPER.encode()).hexdigest()) in found.modules


def test_a_workspace_module_stands_before_a_library_of_its_name() -> None:
    facts = Facts(workspace="/w", modules=(("requests.py", "import os\ndef get(url):\n    os.remove(url)\n"),))
    kinds = {effect.kind for effect in analyse("import requests\nrequests.get('a')\n", facts)}
    assert Kind.FS_DELETE in kinds
    assert Kind.HTTP_GET not in kinds


def test_what_a_workspace_module_does_when_it_is_imported_counts() -> None:
    facts = Facts(workspace="/w", modules=(("helper.py", "open('x', 'w')\n"),))
    assert Kind.FS_WRITE in {effect.kind for effect in analyse("import helper\n", facts)}


def test_a_workspace_module_that_cannot_be_parsed_is_opaque() -> None:
    facts = Facts(workspace="/w", modules=(("helper.py", "def ("),))
    assert Kind.OPAQUE in {effect.kind for effect in analyse("import helper\n", facts)}


def test_every_imported_name_is_given_so_that_the_edge_can_look_for_it() -> None:
    assert set(examine("import os.path, requests\nfrom a.b import c\n", Facts()).imports) >= {"os.path", "requests", "a.b"}


def test_an_unknown_import_is_an_effect_and_a_relative_one_only_raises() -> None:
    assert [effect.kind for effect in analyse("import quux\nquux.go()\n", Facts())] == [Kind.IMPORT_UNKNOWN]
    assert analyse("from .sibling import thing\nthing()\n", Facts()) == ()


def test_doctests_are_code_only_when_something_runs_them() -> None:
    code = 'def f():\n    """\n    >>> import os\n    >>> os.remove("x")\n    """\n'
    assert analyse(code, Facts(workspace="/w")) == ()
    assert [effect.kind for effect in analyse(code + "import doctest\ndoctest.testmod()\n", Facts(workspace="/w"))] == [Kind.FS_DELETE]


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    import os\n    os.remove('x')\n",
        "class A:\n    def __init_subclass__(cls):\n        import os\n        os.remove('x')\nclass B(A): pass\n",
        "class M(type):\n    def __call__(cls):\n        import os\n        os.remove('x')\nclass A(metaclass=M): pass\nA()\n",
        "import os\nclass A:\n    __del__ = lambda self: os.remove('x')\n",
        "import os\ndef deco(f):\n    os.remove('x')\n    return f\n@deco\ndef g(): pass\n",
        "import os\nclass A:\n    @property\n    def p(self):\n        return os.remove('x')\nA().p\n",
        "import os\ndef outer():\n    def inner():\n        os.remove('x')\n    return inner\nouter()()\n",
        "import os\ndef f(x=os.remove('x')): pass\n",
        "import os\ndef f(x: os.remove('x')): pass\n",
    ],
)
def test_code_in_definitions_is_read_wherever_it_hides(code: str) -> None:
    found = [(effect.kind, effect.resource.name) for effect in analyse(code, Facts(workspace="/w"))]
    assert (Kind.FS_DELETE, "/w/x") in found


def test_a_fragment_means_the_well_known_module_that_it_does_not_import() -> None:
    assert [effect.kind for effect in analyse("os.remove('x')\n", Facts(workspace="/w"))] == [Kind.FS_DELETE]
    assert analyse("os = print\nos('x')\n", Facts(workspace="/w")) == ()


def test_odd_escapes_in_text_that_is_run_are_no_warning_of_ours() -> None:
    assert [effect.kind for effect in analyse("exec('x = \"\\\\d\"')\n", Facts())] == [Kind.OPAQUE]
