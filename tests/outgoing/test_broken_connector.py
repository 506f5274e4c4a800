"""A provider refuses the whole account: texts wait, one tries, and all leave once it works."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from database.queries import pauses, sending
from database.queries.unsent_texts import unsent
from database.tables import ConnectorPause, Event
from domain.delivery.delays import OUT_OF_ORDER, TRIED_AGAIN, reasons
from outgoing.waking import Waking
from providers.twilio.description import TwilioCredentials
from security.secrets import Keyring, SecretBox
from tests.fixtures.brand import ACCOUNT_SID, AUTH_TOKEN, ENCRYPTION_KEYS
from tests.fixtures.logs import events
from tests.outgoing.way_out import WayOut

BOX = SecretBox(Keyring.parse(ENCRYPTION_KEYS))
RIGHT = TwilioCredentials(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN)
WRONG = BOX.seal(TwilioCredentials(account_sid=ACCOUNT_SID, auth_token="f" * 32))


async def pause(out: WayOut) -> ConnectorPause | None:
    async with out.sessions() as session:
        return await pauses.of_connector(session, connector(out))


def connector(out: WayOut) -> str:
    return f"{out.brand.account_id}-twilio"


async def trial_is_due(out: WayOut) -> None:
    """Let the time pass until the connector is tried again."""
    async with out.sessions.begin() as session:
        await session.execute(update(ConnectorPause).values(try_at=datetime.now(UTC)))


async def told(out: WayOut) -> list[str]:
    """Return what the account's managers were told of its connector."""
    query = select(Event.kind).where(
        Event.account_id == out.brand.account_id, Event.kind.like("connector_%")
    )
    async with out.sessions() as session:
        return list(await session.scalars(query.order_by(Event.id)))


@pytest.mark.parametrize("broken_by", ["suspended", "wrong credentials"])
async def test_texts_wait_for_a_broken_connector_and_leave_in_order_once_it_is_mended(
    out: WayOut, broken_by: str
) -> None:
    if broken_by == "suspended":
        await out.fault("suspended", count=2)
    else:
        await out.set_connector(secret=WRONG)
    first, second = await out.text("First"), await out.text("Second")
    with capture_logs() as logs:
        for _ in range(3):
            assert await out.send(first, second) is None
        await trial_is_due(out)
        assert await out.send(first, second) is None
    assert events("connector", logs) == ["connector_paused"]
    assert [await out.status(text) for text in (first, second)] == ["queued", "queued"]
    assert (await out.row(first)).attempts == 2  # the first one, and the trial
    if broken_by != "suspended":
        await out.set_connector(secret=BOX.seal(RIGHT))
    await trial_is_due(out)
    assert await out.send(first, second)
    assert await out.phone() == ["First", "Second"]
    assert await pause(out) is None
    assert await told(out) == ["connector_paused", "connector_resumed"]


async def test_a_text_says_that_the_connection_is_out_of_order(out: WayOut) -> None:
    await out.fault("suspended")
    first, second = await out.text("First"), await out.text("Second")
    assert await out.send(first, second) is None
    assert out.conversation_id
    async with out.sessions() as session:
        waits = reasons(await unsent(session, out.conversation_id), datetime.now(UTC))
    assert waits == {first: OUT_OF_ORDER, second: OUT_OF_ORDER}
    await out.sender().holds.works((await departures(out, first))[0])
    async with out.sessions() as session:
        waits = reasons(await unsent(session, out.conversation_id), datetime.now(UTC))
    assert waits[first] == TRIED_AGAIN


async def departures(out: WayOut, *texts: UUID) -> list[sending.Departure]:
    found = [await sending.look(out.sessions.direct, text) for text in texts]
    return [one for one in found if one]


async def test_one_text_at_a_time_tries_a_broken_connector(out: WayOut) -> None:
    await out.fault("suspended", count=100)
    texts = [await out.standalone(f"{n}", number=f"+155501{n}") for n in range(60, 70)]
    await asyncio.gather(*(out.sends_standalone().send_due() for _ in range(2)))
    before = [(await out.row(text)).attempts for text in texts]
    await trial_is_due(out)
    async with out.sessions.begin() as session:
        await pauses.wake_standalone(session, pauses.lines_of(connector(out)), datetime.now(UTC))
    await asyncio.gather(*(out.sends_standalone().send_due() for _ in range(2)))
    after = [(await out.row(text)).attempts for text in texts]
    assert sum(after) - sum(before) == 1
    assert {await out.status(text) for text in texts} == {"queued"}


async def test_a_broken_connector_is_tried_at_growing_intervals_with_an_end(out: WayOut) -> None:
    await out.fault("suspended")
    assert await out.send(await out.text()) is None
    now, gaps = datetime.now(UTC) + timedelta(hours=1), []
    for _ in range(7):
        assert await pauses.take_trial(out.sessions.direct, connector(out), now)
        assert not await pauses.take_trial(out.sessions.direct, connector(out), now)
        found = await pause(out)
        assert found
        gaps.append((found.try_at - now).total_seconds())
        now = found.try_at
    assert gaps == [30, 60, 120, 240, 300, 300, 300]


async def test_the_texts_of_a_connector_that_works_again_are_woken(out: WayOut) -> None:
    await out.fault("suspended")
    alone, in_one = await out.standalone("Alone", number="+15550171"), await out.text("In one")
    assert await out.send(in_one) is None
    await out.send_standalone()
    assert not await out.send_standalone()  # nothing is due
    async with out.sessions.begin() as session:
        assert await pauses.end(session, connector(out), datetime.now(UTC))
    woken: list[str] = []

    async def wake(workflow: str) -> None:
        woken.append(workflow)

    waking = [Waking(out.sessions, wake) for _ in range(2)]
    await asyncio.gather(*(one.wake_due() for one in waking))
    assert len(woken) == 1
    assert await out.send_standalone()
    assert (await out.row(alone)).provider_message_id
    assert not await waking[0].wake_due()


async def test_texts_too_old_for_a_broken_connector_fail_with_the_reason(out: WayOut) -> None:
    await out.fault("suspended", count=2)
    assert await out.send(await out.text("First")) is None
    old = await out.text("Old", age=timedelta(hours=4) - timedelta(seconds=5))
    assert await out.send(old)
    row = await out.row(old)
    assert (row.status, row.failure_code) == ("failed", "connection_out_of_order")
    assert row.failure_sentence == (
        "This text could not be sent in time. The connection to the provider was out of order. "
        "Send it again if it still matters."
    )


async def test_a_text_that_nobody_handled_for_hours_is_not_sent_any_more(out: WayOut) -> None:
    text = await out.text(age=timedelta(hours=5))
    assert await out.send(text)
    assert (await out.row(text)).failure_code == "too_old"
    assert await out.phone() == []


async def test_a_refusal_of_one_text_does_not_pause_the_connector(out: WayOut) -> None:
    await out.fault("refused", error_code=21211)
    assert await out.send(await out.text("First"))
    assert await pause(out) is None
    assert await out.send(await out.text("Second"))


async def test_a_text_that_the_provider_refuses_for_itself_shows_that_the_connector_works(
    out: WayOut,
) -> None:
    await out.fault("suspended")
    first = await out.text("First")
    assert await out.send(first) is None
    await trial_is_due(out)
    await out.fault("refused", error_code=21211)
    assert await out.send(first)
    assert await pause(out) is None
