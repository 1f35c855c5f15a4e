"""The Sandbox on a container engine: one container per run, made from an image that the seal pins by its id.

The engine makes the container and removes it; all between is between guard and the container's first process (init.py), over one Unix
socket: guard takes the process by descriptor, sets limits, opens the broker's listeners, and only then sends the program, its output
pipes and the system-call filter. When guard dies the socket closes, and the first process ends its box.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from guard.errors import SandboxError
from guard.model import Facts, Limits
from guard.ports import Guarantee
from guard.sandbox import layout
from guard.sandbox.base import BoxSandbox
from guard.sandbox.container.box import ContainerBox, Order
from guard.sandbox.container.engine import ROOTLESS, Engine
from guard.sandbox.container.layout import INIT, ContainerLayout, lay_out
from guard.sandbox.egress.broker import Broker, Gateway
from guard.sandbox.language import ENVIRONMENT, RUNNER, Language
from guard.sandbox.layout import PROGRAM
from guard.sandbox.life import Life
from guard.sandbox.pool import Place, Warm


class ContainerSandbox(BoxSandbox):
    """Boxes of a container engine. `endpoint` is the engine's socket; `image` the name of the image that boxes are made of.

    Raises `SandboxError` at the first use where the engine does not answer, is rootful, or lacks the image.
    """

    _from_image: ClassVar[bool] = True

    def __init__(
        self,
        state: Path,
        endpoint: str,
        *,
        image: str,
        accepted: frozenset[str] = frozenset(),
        broker: Broker | None = None,
        warm: Warm | None = None,
    ) -> None:
        self.engine = Engine(endpoint, state=state, accepted=accepted)
        self._image_name = image
        super().__init__(state, accepted=accepted, broker=broker, warm=warm)

    @cached_property
    def _image(self) -> str:
        """The image's id, found once: what runs is what the seals say, whatever becomes of the name."""
        if self.engine.about:  # first of all: is this an engine that may be used?
            self.engine.sweep()
        return self.engine.image(self._image_name)

    @property
    def _name(self) -> str:
        return self.engine.about.name

    def _seen(self) -> Sequence[bytes]:
        broker = self._broker.digest if self._broker else ""
        packages = self.environment.digest if self.environment else ""
        texts = (self._image, broker, RUNNER, INIT, packages)
        return (self._filter + self._tcp_filter, *(text.encode() for text in texts))

    async def prove(self) -> Sequence[Guarantee]:
        promises = await super().prove()
        try:
            return (await asyncio.to_thread(self._rootless), *promises)
        except SandboxError:
            return promises  # they say so

    def _rootless(self) -> Guarantee:
        about = self.engine.about
        how = "by control groups" if about.limits else "process by process and by looking (control groups are not ours here)"
        where = "as an ordinary user" if about.rootless else "as root: what breaks out of a box is root on this machine"
        detail = f"{about.name} {about.version} runs {where}; memory and processes are limited {how}"
        return Guarantee(name=ROOTLESS, holds=about.rootless, detail=detail)

    def _close(self) -> None:
        with closing(self.engine):
            super()._close()

    def _build(
        self, place: Place, how: Language, facts: Facts, limits: Limits, *, gateway: Gateway | None = None, waits: bool = False
    ) -> None:
        files = [*how.files, (str(place.folder / "program"), PROGRAM)]
        start = "/" if waits else facts.mount
        environment = {**layout.ENVIRONMENT, "PWD": start, **(gateway.plan.environment if gateway else {})}
        if self.environment is not None:
            files.append((str(self.environment.folder), ENVIRONMENT))
            environment["PATH"] = f"{ENVIRONMENT}/bin:{environment['PATH']}"
        laid = lay_out(
            place.folder,
            files=files,
            mount=facts.mount,
            overlay=place.overlay,
            limits=limits,
            hosts=gateway.plan.hosts if gateway else "",
            workspace=facts.workspace,
        )
        order = Order(
            command=how.waiting if waits else how.command,
            environment=environment,
            folder=start,
            links=laid.links,
            filter=self._tcp_filter if gateway else self._filter,
        )
        name = f"guard-{self._scratch.name}-{place.folder.name}"
        self._volume(place, laid, name)
        life = Life(limits=limits, address_space=how.address_space)
        place.box = box = ContainerBox(self.engine, laid.container(name, self._image), laid.folder, order, life, place.stack)
        self._check_python(box.python)
        if waits:
            box.wake()

    def _volume(self, place: Place, laid: ContainerLayout, name: str) -> None:
        """The copy-on-write workspace; it and the container are removed in the background when the run is over."""
        volume = name if laid.overlay else ""
        if laid.overlay is not None:
            self.engine.overlay(name, lower=laid.lower, upper=Path(laid.overlay.upper), work=Path(laid.overlay.work))
        place.stack.callback(self._cleaning.submit, self.engine.remove, name, volume)

    def _check_python(self, version: str) -> None:
        """Packages are of one version of Python: that of the image must be the same."""
        if self.environment is not None and not (self.environment.folder / "lib" / f"python{version}").is_dir():
            raise SandboxError(
                f"the box's packages are not for the image's Python, which is {version}",
                hint="Make an image of this machine's release (guard image build), or take the packages out: guard env remove",
            )
