"""What can go wrong with the world, as exceptions for people.

A *refusal* (a policy says no, an approval is stale) is a value, never an exception; these are for broken worlds and bad input.

    GuardError
    ├── BadInput          what came from outside cannot be taken (malformed, too large, unknown argument)
    ├── ConfigError       guard.toml or the command line: a setting is wrong or unsafe
    ├── PolicyError       a policy set does not load: where, and what to write instead
    ├── NotPermitted      no policy lets this person do that; nothing changed (an answer to a case is refused by a value)
    ├── IllegalMove       an event that a case in this stage does not take; nothing changed
    ├── StoreError        the store cannot be read or written
    │   ├── Conflict      somebody else changed the case (or the active policies) first; load again and look
    │   └── LedgerBroken  the ledger does not verify, or cannot be extended
    ├── SandboxError      the box cannot be built, or cannot guarantee what it promises on this machine
    ├── AnalysisError     the analysis worker could not be started (a crash *inside* it is an opaque analysis, not this)
    └── UpstreamError     a wrapped server died, hung or lied
        └── NotForwarded  and it cannot have seen the call
"""

from __future__ import annotations


class GuardError(Exception):
    """Base of all; `str(error)` says what happened and where, `hint` what to do now."""

    exit_code = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BadInput(GuardError):
    exit_code = 65


class ConfigError(GuardError):
    exit_code = 78


class PolicyError(GuardError):
    exit_code = 78


class NotPermitted(GuardError):
    exit_code = 77


class IllegalMove(GuardError):
    pass


class StoreError(GuardError):
    exit_code = 74


class Conflict(StoreError):
    pass


class LedgerBroken(StoreError):
    exit_code = 76


class SandboxError(GuardError):
    exit_code = 69


class AnalysisError(GuardError):
    exit_code = 69


class UpstreamError(GuardError):
    exit_code = 69


class NotForwarded(UpstreamError):
    pass
