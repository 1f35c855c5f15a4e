"""Who is told of what, and what the ledger says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from guard import config
from guard.cli import compose
from guard.model import Stage
from tests.e2e.serving import approve
from tests.engines import submitted, told, until
from tests.notify.receivers import webhook


async def test_people_are_told_what_waits_and_who_settled_it_and_the_ledger_says_so(tmp_path: Path) -> None:
    async with webhook() as hook:
        place = await told(tmp_path, f'url = "{hook.url()}"')
        async with compose.open_engine(config.load(place.toml), runs=True) as engine:
            case = await submitted(engine)
            assert (await hook.wait(1))[0].startswith(f"guard {case.id:04d}: claude asks to write. Owed: 1 person")
            assert await until(engine, case.id, 1) == [("notify.sent", {"occasion": "asked", "routes": ["1 json"]})]
            await approve(place, str(case.id))  # by another process' desk, which tells before it ends
            assert (await hook.wait(2))[1] == f"guard {case.id:04d}: approved by ann."


async def test_what_runs_by_itself_calls_nobody(tmp_path: Path) -> None:
    async with webhook() as hook:
        place = await told(tmp_path, f'url = "{hook.url()}"')
        async with compose.open_engine(config.load(place.toml), runs=True) as engine:
            case = await submitted(engine, "print(1)")
            assert (await engine.settled(case.id, 30)).stage is Stage.DONE
        assert hook.raw == [], "an engine that ends has told what it had to tell"


async def test_a_notification_that_fails_is_in_the_ledger_without_its_address_and_changes_nothing(tmp_path: Path) -> None:
    """D10, D16: people cannot be reached."""
    async with webhook() as hook:
        place = await told(tmp_path, f'url = "{hook.url("fail/tok-1")}"', 'url = "nosuch://tok-2"')
        async with compose.open_engine(config.load(place.toml), runs=True) as engine:
            case = await submitted(engine)
            ((kind, data),) = await until(engine, case.id, 1)
            assert kind == "notify.failed"
            assert len(data["failures"]) == 2  # type: ignore[arg-type]
            assert (await engine.store.load(case.id)).stage is Stage.WAITING
            ledger = b"".join([entry.body async for entry in engine.store.entries()])
            assert [secret for secret in (b"tok-", b"s3cret", b"127.0.0.1") if secret in ledger] == []


async def test_what_one_engine_held_back_another_tells_after_it_ended_also_of_cases_that_it_could_not_run(tmp_path: Path) -> None:
    async with webhook() as hook:
        hour, now = timedelta(hours=1), datetime.now(UTC).astimezone()
        place = await told(tmp_path, f'url = "{hook.url()}"\nquiet = "{now - hour:%H:%M}-{now + hour:%H:%M}"')
        settings = config.load(place.toml)
        async with compose.open_engine(settings, runs=True) as engine:
            await submitted(engine)
        assert hook.raw == []
        place.toml.write_text(place.toml.read_text().replace("quiet", "#"))
        (tmp_path / "elsewhere").mkdir()
        other = config.load(place.toml).model_copy(update={"workspace": tmp_path / "elsewhere"})
        async with compose.open_engine(other, runs=True) as engine:
            engine.start()
            assert await hook.wait(1) == ["guard: 1 case waits, none of them destructive. Oldest under a minute. Answer: guard console"]
