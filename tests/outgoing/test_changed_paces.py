"""What waits for its turn on a line whose pace an administrator changes."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from database.queries import paces
from domain.people.roles import Role
from outgoing.waking import Waking
from security.secrets import Keyring, SecretBox
from services.configuring import lines
from services.configuring.connectors import KnownProviders
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.outgoing.queued import conversation, texts
from tests.outgoing.way_out import WayOut
from tests.services.callers import caller

IN_AN_HOUR = timedelta(hours=1)


async def set_pace_as_an_admin(out: WayOut, pace: float | None) -> None:
    providers = KnownProviders({}, SecretBox(Keyring.parse(ENCRYPTION_KEYS)), False)
    admin = caller(out.brand.account_id, Role.admin)
    async with out.sessions.begin() as session:
        change = lines.LineChange(segments_per_second=pace)
        await lines.change(admin, session, providers, out.brand.line_id, change)


@pytest.mark.parametrize("pace", [100.0, None])
async def test_what_waits_for_its_turn_leaves_at_a_raised_pace(
    out: WayOut, pace: float | None
) -> None:
    await out.set_pace(0.001)
    agent = out.brand.ann.agent_id
    offer = await texts(out, await conversation(out, "+15550180", opened_by=agent), "Offer")
    replies = [
        (await texts(out, await conversation(out, f"+1555019{n}"), f"{n}"))[0] for n in range(3)
    ]
    alone = await out.standalone("Alone", number="+15550181")
    waiting = [*replies, *offer]
    assert [bool(await out.send(text)) for text in waiting] == [True, False, False, False]
    await out.send_standalone()
    waiting_until = (await out.row(replies[-1])).leaves_at
    assert waiting_until
    assert waiting_until > datetime.now(UTC) + timedelta(minutes=10)
    woken: list[str] = []

    async def wake(workflow: str) -> None:
        woken.append(workflow)

    await set_pace_as_an_admin(out, pace)
    workers = [Waking(out.sessions, wake) for _ in range(2)]
    await asyncio.gather(*(worker.wake_due() for worker in workers))
    assert len(woken) == 3
    assert all([await out.sends(text) for text in waiting[1:]])
    while not (await out.row(alone)).provider_message_id:  # a second later without an own pace
        await out.send_standalone()
        await asyncio.sleep(0.05)
    assert not await workers[0].wake_due()


async def test_a_change_that_leaves_the_pace_wakes_nobody(out: WayOut) -> None:
    await set_pace_as_an_admin(out, 2.0)
    assert await out.send(await out.text())
    await set_pace_as_an_admin(out, 2.0)
    assert await paces.take_changed(out.sessions.direct, datetime.now(UTC), IN_AN_HOUR) is None


async def test_a_pace_that_is_changed_again_meanwhile_wakes_again(out: WayOut) -> None:
    await set_pace_as_an_admin(out, 2.0)
    assert await out.send(await out.text())
    await set_pace_as_an_admin(out, 3.0)

    async def wakes(_workflow: str) -> None:
        """Nobody waits."""

    taken = await paces.take_changed(out.sessions.direct, datetime.now(UTC), IN_AN_HOUR)
    assert taken
    await set_pace_as_an_admin(out, 4.0)
    async with out.sessions.begin() as session:
        await paces.woken(session, *taken)
    assert await Waking(out.sessions, wakes).wake_due()
    assert not await Waking(out.sessions, wakes).wake_due()
