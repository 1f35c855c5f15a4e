"""What was checked as SARIF 2.1.0, so that code scanning can show effects beside the lines that have them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from guard import __version__
from guard.cli.page import QUIET, safe, verdict_line

if TYPE_CHECKING:
    from guard.cli.inputs import Checked
    from guard.model import Effect, Reason

LEVELS = {"allow": "note", "review": "warning", "deny": "error"}


def report(checked: Sequence[Checked]) -> dict[str, Any]:
    """One run: a rule per analysis rule that spoke, a result per effect that is worth a line, a result per verdict that is not ALLOW."""
    results = [result for one in checked for result in _results(one)]
    rules = sorted({result["ruleId"] for result in results})
    for result in results:
        result["ruleIndex"] = rules.index(result["ruleId"])
    driver = {"name": "guard", "version": __version__, "rules": [{"id": rule, "shortDescription": {"text": rule}} for rule in rules]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _results(one: Checked) -> list[dict[str, Any]]:
    reasons = {reason.effect: reason for reason in one.decision.reasons}
    found = [
        _result(one, effect, reasons.get(i))
        for i, effect in enumerate(one.decision.effects)
        if effect.kind.value not in QUIET or i in reasons
    ]
    if one.decision.verdict.value != "allow":
        found.append(
            {
                "ruleId": "verdict",
                "level": LEVELS[one.decision.verdict.value],
                "message": {"text": verdict_line(one.decision)},
                "locations": [_location(one.file, None)],
            }
        )
    return found


def _result(one: Checked, effect: Effect, reason: Reason | None) -> dict[str, Any]:
    why = f" {reason.why}" if reason and reason.why else ""
    return {
        "ruleId": effect.rule or effect.kind.value,
        "level": LEVELS[one.decision.verdict.value] if reason else "note",
        "message": {"text": safe(f"{effect.kind.value} {effect.resource.name}: {effect.note or 'seen here'}.{why}")},
        "locations": [_location(one.file, effect)],
        "properties": {"kind": effect.kind.value, "exact": effect.exact, "policies": list(reason.policies) if reason else []},
    }


def _location(file: str, effect: Effect | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(Path(file).as_posix())}}
    if effect and effect.span:
        span = effect.span
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column + 1,
            "endLine": span.end_line,
            "endColumn": span.end_column + 1,
        }
    return {"physicalLocation": place}
