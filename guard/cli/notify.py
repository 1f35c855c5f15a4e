"""`guard notify`: whether people can be reached."""

from __future__ import annotations

import asyncio

from guard.cli.terminal import say
from guard.errors import ConfigError, GuardError


class NotTold(GuardError):
    """A test that did not arrive everywhere."""

    exit_code = 69


def test() -> None:
    """Send a test to every [[notify]] of guard.toml.

    It prints what became of each. What is sent is fixed; quiet hours do not count.
    """
    asyncio.run(_test())


async def _test() -> None:
    from guard.cli import compose
    from guard.cli.page import safe

    config = compose.configured()
    if not config.notify:
        raise ConfigError(
            "Nobody is told of anything: guard.toml has no [[notify]]", hint="Add one with a `url`; README.md lists its keys."
        )
    async with compose.open_desk(config) as desk:
        delivery = await desk.test_notifications()
    say(f"sent      {safe(label)}" for label in delivery.told)
    say(f"failed    {safe(failure)}" for failure in delivery.failures)
    if delivery.failures:
        raise NotTold("Not every test arrived", hint="Check the address, and the secrets that it refers to.")
