"""Names that say what they do when nothing else is known."""

from __future__ import annotations

from guard.analyse.javascript.fallback import BY_METHOD, BY_MODULE, BY_NAME
from guard.analyse.javascript.sinks import SPECS
from guard.model import Kind
from tests.analyse.javascript.check import effects_of


def test_every_name_has_a_spec_that_exists() -> None:
    assert set(BY_MODULE.values()) <= set(SPECS)
    assert set(BY_METHOD) <= set(BY_NAME) <= set(BY_MODULE)


def test_everyday_method_names_say_nothing() -> None:
    assert not {"remove", "delete", "get", "set", "add", "copy", "move", "open", "read", "write", "exec", "test", "find", "unlink"} & set(
        BY_METHOD
    )


def test_a_particular_method_of_something_unknown_may_do_what_it_is_called() -> None:
    (effect,) = effects_of("this.thing.unlinkSync('a.txt')")
    assert (effect.kind, effect.certain) == (Kind.FS_DELETE, False)


def test_the_program_s_own_method_of_that_name_is_its_own() -> None:
    assert effects_of("class A { unlinkSync(n) { return n } } new A().unlinkSync(1)") == ()


def test_a_member_of_an_unknown_module_is_added_to_the_unknown_import() -> None:
    kinds = {effect.kind for effect in effects_of("const x = require('./mine'); x.removeSync('a')")}
    assert kinds == {Kind.IMPORT_UNKNOWN, Kind.FS_DELETE}
