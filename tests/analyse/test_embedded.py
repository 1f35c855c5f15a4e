"""Code in code goes through one door."""

from __future__ import annotations

from guard.analyse.embedded import DEPTH, effects_of
from guard.model import Facts, Kind, Span

HERE = Span(line=7, column=0, end_line=7, end_column=9)


def test_effects_carry_the_place_of_the_outer_text() -> None:
    effects = effects_of("python", "import os\n\nos.remove('a')\n", Facts(workspace="/w"), at=HERE)
    assert [(effect.kind, effect.span) for effect in effects] == [(Kind.FS_DELETE, HERE)]


def test_too_deep_and_unknown_languages_are_opaque() -> None:
    assert [effect.kind for effect in effects_of("python", "1", Facts(), at=HERE, depth=DEPTH)] == [Kind.OPAQUE]
    assert [effect.kind for effect in effects_of("cobol", "1", Facts(), at=HERE)] == [Kind.OPAQUE]


def test_python_in_shell_in_python_is_seen() -> None:
    code = "import os\nos.system('''python3 -c \"import os; os.remove('a')\"''')\n"
    assert Kind.FS_DELETE in {effect.kind for effect in effects_of("python", code, Facts(workspace="/w"), at=None)}
