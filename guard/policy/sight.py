"""What a set's policies look at in a request: which of them at which action, and what of its context, with the schema of requests that
say just that.

Most of what Cedar does for a request is to read its context, and most policies look at little of it. An attribute that no policy which may
speak of an action looks at changes no answer there, so it is not sent. Where anything is unclear, all is. So too the attributes of
entities: Cedar is told of those whose names some policy says.

Cedar holds guard to it: a request that says more or less than the narrowed schema is an error, which denies, and a set that does not
validate strictly against it keeps the schema as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import cedarpy

from guard.entities import uid

_ALL = "*"
_FLAT = r"(?:{0}\w+\??: [^{{}}\n]+\n)+"
_TYPE = re.compile(rf"^  type (\w+) = \{{\n({_FLAT.format(' ' * 4)})  \}};$", re.MULTILINE)
_ACTION = re.compile(r'^  action "([^"]+)"(?: in \[([^\n]*)\])?(?: appliesTo \{\n(.*?)^  \})?;$', re.MULTILINE | re.DOTALL)
_CONTEXT = re.compile(rf"^    context: (?:(\w+)|\{{\n({_FLAT.format(' ' * 6)})    \}})\n", re.MULTILINE)


def narrowed(schema: cedarpy.Schema, policies: Iterable[Mapping[str, Any]], text: str) -> tuple[cedarpy.Schema, dict[str, frozenset[str]]]:
    """The schema in which the context of an action has only what the policies look at, and what that is, by action.

    `policies`: those of `text`, as Cedar's JSON. An action that is not named is as it was.
    """
    rendered = str(schema)  # in Cedar's own regular form
    above = {name: frozenset(re.findall(r'::"([^"]+)"', groups)) for name, groups, _ in _ACTION.findall(rendered)}
    one = len(re.findall(r"^namespace ", rendered, re.MULTILINE)) == 1 and "\\" not in rendered
    if not one or not frozenset[str]().union(*above.values()) <= above.keys():
        return schema, {}
    looks = [(policy["action"], frozenset(_looks(policy["conditions"]))) for policy in policies]
    types = dict(_TYPE.findall(rendered))
    sees: dict[str, frozenset[str]] = {}

    def narrow(action: re.Match[str]) -> str:
        context = _CONTEXT.search(action[3] or "")
        attributes = (context[2] or types.get(context[1], "")) if context else ""
        seen = frozenset[str]().union(*(look for scope, look in looks if _may_speak(scope, _chain(action[1], above))))
        if not context or not attributes or _ALL in seen:
            return action[0]
        sees[action[1]] = seen
        kept = [line.strip(" ,") for line in attributes.splitlines() if re.split(r"\??:", line.strip())[0] in seen]
        return action[0].replace(context[0], f"    context: {{ {', '.join(kept)} }}\n")

    narrower = cedarpy.Schema.from_str(_ACTION.sub(narrow, rendered))
    return (narrower, sees) if cedarpy.validate_policies(text, narrower).validation_passed else (schema, {})


def by_action(
    policies: Mapping[str, Mapping[str, Any]], text: str, actions: cedarpy.Entities
) -> tuple[dict[str, cedarpy.PolicySet], frozenset[str], cedarpy.Entities]:
    """The policies that may speak of each action (those of a schema, with their groups), under the ids they have; the actions of which
    none of those looks at the resource, so that all of one type get one answer, wherever they lie; and what Cedar is still to be told of
    `actions`.

    `policies`: those of `text`, as Cedar's JSON, by id. Which may speak says Cedar itself, asked with policies that are nothing but a scope
    of actions; then that scope is left out, and groups of actions matter no more, unless a condition asks for them. A set that is nested
    too deeply for Cedar to read as JSON, though it could as text, is taken whole.
    """
    whole = cedarpy.PolicySet.from_str(text)
    everybody = {"op": "All"}
    scopes = {
        name: {"effect": "permit", "principal": everybody, "action": policy["action"], "resource": everybody, "conditions": []}
        for name, policy in policies.items()
    }
    named = [entity["uid"] for entity in json.loads(str(actions)) if entity["uid"]["type"] == "Guard::Action"]
    asked = [{"principal": uid("Agent", ""), "action": action, "resource": uid("Run", ""), "context": {}} for action in named]
    answers = cedarpy.is_authorized_batch(asked, _set(scopes), actions)
    speaking = {action["id"]: frozenset(answer.diagnostics.reasons) for action, answer in zip(named, answers, strict=True)}
    made = {}
    for some in set(speaking.values()):
        try:
            made[some] = _set({name: {**policy, "action": everybody} for name, policy in policies.items() if name in some})
        except ValueError:
            made[some] = whole
    said = told(policies.values())
    looking = {name for name, policy in policies.items() if policy["resource"]["op"] != "All" or "resource" in told([policy])}
    named_outright = "__entity" in said  # a condition may ask where some file lies, whatever is acted on
    alike = frozenset(action for action, some in speaking.items() if not (named_outright or some & looking))
    grouped = not said.isdisjoint({"action", "Guard::Action"}) or any(one is whole for one in made.values())
    return {action: made[some] for action, some in speaking.items()}, alike, actions if grouped else cedarpy.Entities.from_json_str("[]")


def _set(policies: Mapping[str, Mapping[str, Any]]) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_json_str(json.dumps({"staticPolicies": policies, "templates": {}, "templateLinks": []}))


def _chain(action: str, above: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The action and all the groups that it is in."""
    return frozenset({action}).union(*(_chain(group, above) for group in above[action]))


def _may_speak(scope: Mapping[str, Any], names: frozenset[str]) -> bool:
    """Whether a policy with this action scope may speak of an action that is in these groups."""
    if scope["op"] not in ("==", "in"):
        return True
    entities = scope["entities"] if "entities" in scope else [scope["entity"]]
    return any(entity["id"] in names for entity in entities)


def told(policies: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """What the conditions of policies (as Cedar's JSON) say anywhere. An attribute of an entity that is not among it, none looks at."""
    waiting: list[Any] = [policy["conditions"] for policy in policies]
    said = set[str]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            said.add(part)
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list):
            waiting += part
    return frozenset(said)


def _looks(expression: Any) -> Iterator[str]:
    """The attributes of the context that an expression looks at, or whether they are there; `_ALL` if it takes the context as a whole."""
    if isinstance(expression, list):
        for part in expression:
            yield from _looks(part)
    if not isinstance(expression, dict):
        return
    for operator, operands in expression.items():
        if operator in (".", "has") and isinstance(operands, dict) and operands.get("left") == {"Var": "context"}:
            yield operands["attr"]
        elif operator == "Var" and operands == "context":
            yield _ALL
        else:
            yield from _looks(operands)
