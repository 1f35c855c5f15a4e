"""Code inside code is analysed as what it is: shell in `os.system`, SQL in `execute`, Python in `python -c`, JavaScript in
`page.evaluate`. One door for all analysers, so that no call form skips a check.
"""

from __future__ import annotations

import dataclasses

from guard.model import RUN, Effect, Facts, Kind, Span

DEPTH = 4
"""Code in code in code …: deeper than this is opaque."""


def effects_of(language: str, code: str, facts: Facts, *, at: Span | None, depth: int = 0, argument: str = "") -> tuple[Effect, ...]:
    """The effects of `code`, which a program in another language would run at `at`.

    Every effect carries `at` as its span (the reviewer sees the outer text). `depth` counts the nesting; `argument` is passed on to SQL
    as the name of the database.
    """
    from guard.analyse import analyser_for

    analyser = analyser_for(language)
    if analyser is None or depth >= DEPTH:
        why = f"runs {language} code that cannot be analysed" if analyser is None else "runs code nested too deeply"
        return (Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, span=at, rule="embedded", note=why),)
    return tuple(dataclasses.replace(effect, span=at) for effect in analyser(code, facts, depth + 1, argument))
