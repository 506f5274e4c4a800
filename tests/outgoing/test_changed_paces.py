"""What waits for its turn on a line whose pace an administrator changes."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from database.queries import paces
from database.tables import LineLane
from domain.errors import Unavailable
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


async def test_a_workflow_that_cannot_be_woken_holds_back_no_other_text_of_its_line(
    out: WayOut,
) -> None:
    await out.set_pace(0.001)
    waiting = [
        (await texts(out, await conversation(out, f"+1555019{n}"), f"{n}"))[0] for n in range(4)
    ]
    for text in waiting:
        await out.send(text)
    refused: list[str] = []

    async def wake(workflow: str) -> None:
        if not refused or workflow in refused:
            refused.append(workflow)
            raise Unavailable

    await set_pace_as_an_admin(out, 0.5)
    waking = Waking(out.sessions, wake)
    await waking.wake_due()
    for text in waiting[2:]:  # those that were woken are given times
        await out.send(text)
    given = [(await out.row(text)).leaves_at for text in waiting[2:]]
    await held_no_longer(out)
    await waking.wake_due()
    assert [(await out.row(text)).leaves_at for text in waiting[2:]] == given
    assert len(refused) == 2
    await out.send(waiting[1])
    late = (await out.row(waiting[1])).leaves_at
    assert late is None or late < datetime.now(UTC) + timedelta(seconds=30)


async def test_a_stretch_that_was_kept_by_the_former_pace_is_free_once_it_is_taken_back(
    out: WayOut,
) -> None:
    """A worker gives times by the former pace until it has read the new one."""
    await out.set_pace(0.001)
    waiting = [
        (await texts(out, await conversation(out, f"+1555019{n}"), f"{n}"))[0] for n in range(3)
    ]
    assert await out.send(waiting[0])
    await set_pace_as_an_admin(out, 100.0)
    await out.set_pace(0.001)
    for text in waiting[1:]:
        await out.send(text)
    await out.set_pace(100.0)
    await Waking(out.sessions, wakes_nobody).wake_due()
    assert all([await out.sends(text) for text in waiting[1:]])


async def held_no_longer(out: WayOut) -> None:
    """Let so much time pass that another worker may take over."""
    async with out.sessions.begin() as session:
        held = update(LineLane).where(LineLane.wake_at.is_not(None))
        await session.execute(held.values(wake_at=datetime.now(UTC)))


async def wakes_nobody(_workflow: str) -> None:
    """Stand for a workflow that is asked to send by the test itself."""


async def test_a_change_that_leaves_the_pace_wakes_nobody(out: WayOut) -> None:
    await set_pace_as_an_admin(out, 2.0)
    assert await out.send(await out.text())
    await set_pace_as_an_admin(out, 2.0)
    assert await paces.take_changed(out.sessions.direct, datetime.now(UTC), IN_AN_HOUR) is None


async def test_a_pace_that_is_changed_again_meanwhile_wakes_again(out: WayOut) -> None:
    await set_pace_as_an_admin(out, 2.0)
    assert await out.send(await out.text())
    await set_pace_as_an_admin(out, 3.0)

    taken = await paces.take_changed(out.sessions.direct, datetime.now(UTC), IN_AN_HOUR)
    assert taken
    await set_pace_as_an_admin(out, 4.0)
    async with out.sessions.begin() as session:
        await paces.woken(session, *taken)
    assert await Waking(out.sessions, wakes_nobody).wake_due()
    assert not await Waking(out.sessions, wakes_nobody).wake_due()
