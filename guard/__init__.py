"""guard: a policy-driven security layer, with a person in the loop, for AI agents that submit programs."""

__version__ = "0.1.0"
