"""A case as the JSON text of one column, and back.

The text is not canonical and not hashed (seals and ledger entries are): pydantic writes it twenty times faster than RFC 8785 can be.
What has a column of its own (id, version, the code, which is a payload) is left out of it and put back by `decode_case`.

NOTE: stored shapes are append-only (see `guard.model`). A field that this guard does not know is refused, not dropped: a save by an older
guard would lose it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar, cast

from guard.errors import BadInput, StoreError
from guard.model import Approval, Case

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(type_)


def warm_up() -> None:
    """Build what `encode` and `decode` need, a fifth of a second, so that the first case does not wait for it."""
    for type_ in (Case, Approval):
        _adapter(type_)


def encode(value: T, type_: type[T]) -> str:
    """A value of the model as JSON text. `BadInput` if it cannot be stored exactly as it is."""
    from pydantic_core import PydanticSerializationError

    try:
        return _adapter(cast("Any", type_)).dump_json(value, warnings="error").decode()
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        raise BadInput(f"a {type_.__name__} cannot be stored exactly: {error}", hint="Text must be valid Unicode.") from error


def decode(text: str | bytes, type_: type[T]) -> T:
    """The value that `encode` wrote. `StoreError` if the text is not one of its."""
    from pydantic import ValidationError

    try:
        value: T = _adapter(cast("Any", type_)).validate_json(text, strict=True, extra="forbid")
        return value
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "its text"
        raise StoreError(
            f"a stored {type_.__name__} cannot be read: {where}: {first['msg']}",
            hint="A newer guard wrote it, or the store was edited. Use that guard, or restore the store from a backup.",
        ) from error


def encode_case(case: Case) -> str:
    """The document of a case, without what has a column of its own."""
    return encode(replace(case, id=0, version=0, submission=replace(case.submission, code="")), Case)


def decode_case(case_id: int, version: int, document: str, code: bytes) -> Case:
    """The case of a row."""
    case = decode(document, Case)
    return replace(case, id=case_id, version=version, submission=replace(case.submission, code=code.decode()))


def approvals_digest(approvals: tuple[Approval, ...]) -> str:
    """What a save compares: who approved what, exactly."""
    return sha256("\n".join(encode(approval, Approval) for approval in approvals).encode()).hexdigest()
