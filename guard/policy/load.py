"""A folder of *.cedar files and a schema -> `Policies`, or a `PolicyError` that names file and line.

A set loads only if every file is UTF-8, every policy parses, the whole validates strictly against the schema, and every policy has a
unique `@id` and a `@why`. What is active for a store is kept as text in it (see `guard.engine`), so that all processes that share the
store decide by the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import cedarpy

from guard import entities, standing_grants
from guard.decide import Note, Policies
from guard.errors import PolicyError
from guard.policy import sight

SCHEMA = "schema.cedarschema"
MOST_BYTES = 1 << 20

Files = tuple[tuple[str, str], ...]
"""(name, text) of the schema, the policies and the examples, sorted by name."""


def builtin_folder() -> Path:
    """The policies that come with guard: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(resources.files("guard"))) / "builtin_policies"
    return packaged if packaged.is_dir() else Path(str(resources.files("guard"))).parent / "policies"


def read(folder: Path) -> Files:
    """The texts of a policies folder. `PolicyError` if it cannot be read, holds no policies, or no schema (then the builtin one is used).

    Examples files (`*.examples.toml`) belong to the set; packs (sub-folders) are not read: a pack is switched on by copying it in.
    """
    files = {}
    for path in _paths(folder):
        try:
            if path.is_fifo() or path.is_socket() or path.is_char_device():  # to read one might never end
                raise PolicyError(f"{path} is not a file", hint="Remove it.")
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise PolicyError(f"{path}: larger than {MOST_BYTES:,} bytes", hint="Split it into several files.")
            files[path.name] = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise PolicyError(f"{path}: not UTF-8 at byte {error.start}", hint="Save it as UTF-8.") from None
        except OSError as error:
            raise PolicyError(f"{path} cannot be read: {error.strerror}", hint="Check its permissions.") from None
    if not any(name.endswith(".cedar") for name in files):
        raise PolicyError(f"The policies folder {folder} holds no *.cedar file", hint="Run `guard init` to put the default set there.")
    if SCHEMA not in files:
        files[SCHEMA] = (builtin_folder() / SCHEMA).read_text("utf-8")
    return tuple(sorted(files.items()))


def _paths(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.suffix in (".cedar", ".cedarschema") or p.name.endswith(".examples.toml"))
    except (FileNotFoundError, NotADirectoryError):
        hint = "Run `guard init`, or correct `policies` in guard.toml."
        raise PolicyError(f"The policies folder {folder} does not exist", hint=hint) from None
    except OSError as error:
        raise PolicyError(f"The policies folder {folder} cannot be read: {error.strerror}", hint="Check its permissions.") from None


def digest(files: Files) -> str:
    """sha256 (hex) over names and texts."""
    state = hashlib.sha256()
    for name, text in files:
        for part in (name.encode(), text.encode()):
            state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def load(files: Files, *, only: Sequence[str] = ()) -> Policies:
    """Parse and validate. `only` names the *.cedar files to take (all, if empty). `PolicyError` with file and line."""
    texts = dict(files)
    if _too_nested(texts.get(SCHEMA, ""), "([{< )]}>"):
        raise PolicyError(f"{SCHEMA} is nested too deeply", hint="The schema that comes with guard is a good start.")
    try:
        schema = cedarpy.Schema.from_str(texts.get(SCHEMA, ""))
    except ValueError as error:
        raise PolicyError(f"{SCHEMA}: {error}", hint="The schema that comes with guard is a good start.") from None
    _check_schema(schema)
    statements = [
        (name, line, text)
        for name in sorted(texts)
        if name.endswith(".cedar") and (not only or name in only)
        for line, text in _statements(name, texts[name])
    ]
    if not any(name != standing_grants.FILE for name, _, _ in statements):
        raise PolicyError("There is no policy at all, so nothing would ever be permitted", hint="Add default.cedar (`guard init`).")
    whole = "\n".join(text for _, _, text in statements)
    for name, line, text in statements:
        _check_one(name, line, text, schema)
    parsed = _as_json(whole)
    if parsed is None:
        raise _too_long(*next((name, line) for name, line, text in statements if _as_json(text) is None))
    notes: dict[str, Note] = {}
    seen: dict[str, str] = {}
    for position, (name, line, _) in enumerate(statements):
        policy = parsed[f"policy{position}"]
        notes[f"policy{position}"] = _note(policy, name, line, seen)
    closes = any(p["effect"] == "forbid" and _reaches_reads(p["action"]) for p in parsed.values())
    schema, sees = sight.narrowed(schema, parsed.values(), whole)
    rules, alike, actions = sight.by_action(parsed, whole, cedarpy.Entities.from_json_str("[]", schema))
    return Policies(
        digest=digest(files), rules=rules, alike=alike, schema=schema, actions=actions, sees=sees, notes=notes,
        teams=tuple(sorted(set(_teams(parsed)))), closes_reads=closes, told=sight.told(parsed.values()),
    )  # fmt: skip


def _as_json(text: str) -> dict[str, Any] | None:
    """Cedar's JSON of policies, by id; None if it is nested too deeply to be read."""
    try:
        policies: dict[str, Any] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    except RecursionError:
        return None
    return policies


def _too_long(name: str, line: int) -> PolicyError:
    hint = "Instead of hundreds of `a || b`, name a list: `resource in [...]`; or make several policies of it."
    return PolicyError(f"{name}:{line}: a condition is too long, or nested too deeply", hint=hint)


def _too_nested(text: str, brackets: str = "([{ )]}") -> bool:
    """Whether Cedar's parser might run out of stack, which ends the process: it calls itself at every bracket and link of a chain."""
    opening, closing = brackets.split()
    depth = links = 0
    for token in _TOKEN.finditer(text):
        piece = token.group()
        depth += (piece in opening) - (piece in closing)
        links += piece in ".+-*|&![" or piece in ("if", "has", "like", "is", "in")
        if depth > _DEEPEST or links > _LONGEST:
            return True
    return False


def text_of(files: Files, note: Note) -> str:
    """The text of one policy of a set, as it stands in its file."""
    return next(text for line, text in _statements(note.file, dict(files)[note.file]) if line == note.line)


def _check_schema(schema: cedarpy.Schema) -> None:
    """Whether Cedar will take what it is told of the world: else nothing could be decided, and that would show in the middle of a case."""
    for told in entities.of_every_kind():
        try:
            cedarpy.Entities.from_json_str(json.dumps([told]), schema)
        except ValueError as error:
            kind = told["uid"]["type"].removeprefix("Guard::")
            raise PolicyError(
                f"{SCHEMA} does not fit this guard: it does not take a {kind} as guard tells Cedar of it ({error})",
                hint=f"Add to it what {builtin_folder() / SCHEMA} has, or copy that in its place.",
            ) from None


def _check_one(name: str, line: int, text: str, schema: cedarpy.Schema) -> None:
    if _too_nested(text):
        raise _too_long(name, line)
    try:
        found = cedarpy.PolicySet.from_str(text)
    except ValueError as error:
        raise PolicyError(f"{name}:{line}: this policy does not parse: {error}", hint="`guard policy check` shows it again.") from None
    if found.templates():
        raise PolicyError(f"{name}:{line}: templates are not supported", hint="Write the policy out.")
    result = cedarpy.validate_policies(text, schema)
    if not result.validation_passed:
        # Cedar's own order differs from run to run; that no action applies only follows from what is wrong.
        found_wrong = sorted({_plainly(e.error) for e in result.errors}, key=lambda text: (text.startswith("unable to find"), text))
        more = f" (and {len(found_wrong) - 1} more)" if len(found_wrong) > 1 else ""
        raise PolicyError(f"{name}:{line}: {found_wrong[0]}{more}", hint="The words that policies may use are in schema.cedarschema.")


def _plainly(text: str) -> str:
    return re.sub(r"for policy `policy\d+`, ", "", text)


def _note(policy: dict[str, Any], name: str, line: int, seen: dict[str, str]) -> Note:
    annotations = policy.get("annotations", {})
    identity, why = str(annotations.get("id") or ""), str(annotations.get("why") or "")
    if not identity or not why:
        missing = "@id" if not identity else "@why"
        raise PolicyError(
            f"{name}:{line}: this policy has no {missing}", hint=f'Write {missing}("…") before it: people read it when it speaks.'
        )
    if identity in seen:
        raise PolicyError(f"{name}:{line}: the @id {identity!r} is taken by {seen[identity]}", hint="Give it a name of its own.")
    seen[identity] = f"{name}:{line}"
    return Note(id=identity, why=why, forbids=policy["effect"] == "forbid", file=name, line=line, standing=name == standing_grants.FILE)


def _reaches_reads(action: dict[str, Any]) -> bool:
    """Whether a policy's action scope takes in fs.read or fs.list: named, in a group that holds them, or unrestricted."""
    if action.get("op") == "All":
        return True
    names = {entry["id"] for entry in action.get("entities") or [action["entity"]]}
    return bool(names & {"fs.read", "fs.list", "read", "effect"})


def _teams(parsed: Any) -> Iterator[str]:
    """The teams that parsed policies name, wherever."""
    if isinstance(parsed, dict):
        if parsed.get("type") == "Guard::Team":
            yield str(parsed["id"])
        parsed = list(parsed.values())
    for part in parsed if isinstance(parsed, list) else ():
        yield from _teams(part)


def _statements(name: str, text: str) -> Iterator[tuple[int, str]]:
    """The policies of a file with the line on which each begins. Splits at ";" outside strings and comments."""
    start = line = 1
    begun = False
    current: list[str] = []
    for token in _TOKEN.finditer(text):
        piece = token.group()
        if not piece.startswith("//"):
            if not begun and not piece.isspace():
                begun, start = True, line
            if begun:
                current.append(piece)
        line += piece.count("\n")
        if piece == ";":
            yield start, "".join(current)
            current, begun = [], False
    if begun:
        raise PolicyError(f"{name}:{start}: this policy is not finished: a ';' is missing", hint="Every policy ends with ';'.")


_TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|\s+|\w+|.', re.DOTALL)

_DEEPEST = 100
_LONGEST = 4000
"""Brackets inside each other, and links of chains in one policy. The parser was seen to die of 1,000 and of 20,000."""
