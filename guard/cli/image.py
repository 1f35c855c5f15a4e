"""`guard image`: what containers are made of."""

from __future__ import annotations

import re
from contextlib import closing

import typer

from guard.cli.terminal import progress, say
from guard.errors import BadInput


def build(
    base: str = typer.Option("", "--from", metavar="IMAGE", help="Of this image, which must have Python, instead of Debian's packages."),
    suite: str = typer.Option("", "--suite", help="Of this release of Debian; this machine's if absent.", show_default=False),
    name: str = typer.Option("", "--name", help="Under this name; the configuration's if absent.", show_default=False),
    socket: str = typer.Option("", "--socket", help="In the engine at this socket; the configuration's if absent.", show_default=False),
) -> None:
    """Make the image that programs run in when the box is a container.

    It holds Python, a shell and the usual tools, nothing of guard's. Programs that were judged for another image are not run in this
    one: the image's id is in their seal.
    """
    if suite and not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", suite):
        raise BadInput(f"{suite!r} is not the name of a Debian release", hint="Such as bookworm.")
    from guard.cli import compose

    engine, name = compose.container_engine(socket, name)
    from guard.sandbox.container import image

    with closing(engine):
        about = engine.about
        progress(f"Making {name} in {about.name} {about.version} …")
        made = image.from_base(engine, name, base) if base else image.from_packages(engine, name, suite=suite)
    say(f"{name} is {made}")
