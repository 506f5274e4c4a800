"""A batch leaves as fast as its line sends, once to each, and stops when it is told to."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from activities.batches import Batches, Known, Turn
from database.queries.consent import Recorded, record_opt_out
from database.queries.consumers import with_phone
from database.tables import (
    Account,
    Batch,
    BatchRecipient,
    ConsentEvent,
    Conversation,
    Invitation,
    Line,
    Message,
)
from domain.batches.kinds import BatchStatus
from domain.batches.moves import Move
from domain.batches.progress import Figures
from domain.consent.quiet_hours import OwnHours, held_until
from domain.consent.sources import ConsentSource
from domain.errors import Conflict
from domain.numbers.phone_numbers import phone_of
from outgoing.time_outs import TimeOuts
from services.notifying import batches, recipients, results
from services.notifying.inputs import NewBatch, RecipientIn
from services.notifying.results import Progress
from tests.fixtures.clocks import OFF, clock
from tests.outgoing.way_out import WayOut
from tests.services.callers import person
from workflows.batches.messages import SliceRequest

NUMBERS = [f"+155501012{i:02}" for i in range(6)]


class Killed(BaseException):
    """The end of a process in the middle of its work."""


@dataclass
class Sent:
    """A batch, the workers that write its texts, and short words for what people do with it."""

    out: WayOut
    batch_id: UUID
    worker: Batches = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Batches(self.out.sessions, pause=0.01)
        self.mia = person(self.out.brand.account_id, self.out.brand.mia)

    async def move(self, move: Move) -> None:
        async with self.out.sessions.begin() as session:
            await batches.move_stored(self.mia, session, self.out.sessions, self.batch_id, move)

    async def turn(self) -> Turn:
        return await self.worker.turn(self.batch_id)

    async def send(self) -> None:
        while await self.out.send_standalone():
            pass

    async def progress(self) -> Progress:
        async with self.out.sessions.begin() as session:
            return await results.progress(self.mia, session, self.batch_id)

    async def figures(self) -> Figures:
        return (await self.progress()).figures

    async def run(self) -> None:
        """Let the batch run to its end, or until nothing more can be done now."""
        for _ in range(30):
            turn = await self.turn()
            await self.send()
            if turn.status is not BatchStatus.running or turn.next_at:
                return
        raise AssertionError("The batch never ended.")

    async def texts(self, number: str) -> list[str]:
        """Return the texts that the provider has taken for a phone."""
        answer = await self.out.http.get(f"{self.out.url}/phones/{number}/messages")
        return [text["text"] for text in answer.json()]

    async def phones(self) -> Counter[str]:
        """Count the texts of each phone."""
        await asyncio.sleep(0.1)
        return Counter({number: len(await self.texts(number)) for number in NUMBERS})

    async def change(self, table: type[Account | Line], **values: object) -> None:
        key = self.out.brand.account_id if table is Account else self.out.brand.line_id
        async with self.out.sessions.begin() as session:
            await session.execute(update(table).where(table.id == key).values(**values))


def zone_where_it_is(hour: int) -> str:
    """Return a time zone whose clock shows an hour now; numbers of tests have no place."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+}" if ahead else "Etc/GMT"


ONCE_EACH = Counter(dict.fromkeys(NUMBERS, 1))


@pytest.fixture
async def sent(out: WayOut) -> Sent:
    """A batch to six phones on a line that is fast enough, started."""
    await out.set_pace(1000)
    mia = person(out.brand.account_id, out.brand.mia)
    new = NewBatch(
        title="Spring",
        line=out.brand.line_id,
        text="Hi {name}!",
        skill=out.brand.sales,
        consent_evidence="Contract",
    )
    async with out.sessions.begin() as session:
        made = await batches.create(mia, session, new)
    rows = [RecipientIn(number=one, values={"name": f"N{one[-1]}"}) for one in NUMBERS]
    read = await recipients.add(mia, out.sessions, made.batch.id, rows)
    assert (read.good, read.bad) == (6, {})
    sent = Sent(out, made.batch.id)
    await sent.move(Move.start)
    return sent


async def test_everybody_gets_their_text_once_and_a_reply_is_awaited(sent: Sent) -> None:
    await sent.run()
    assert await sent.phones() == ONCE_EACH
    assert await sent.texts(NUMBERS[3]) == ["Hi N3!"]
    shown = await sent.progress()
    assert (shown.batch.status, shown.figures.left) == ("done", 6)
    async with sent.out.sessions() as session:
        invited = (await session.scalars(select(Invitation))).all()
        told = (await session.scalars(select(ConsentEvent.evidence))).all()
    assert {(one.title, one.skill_id) for one in invited} == {("Spring", sent.out.brand.sales)}
    assert (len(invited), set(told)) == (6, {"Contract"})


async def test_a_batch_begins_at_its_time_though_a_workers_clock_is_ahead(sent: Sent) -> None:
    send_from = datetime.now(UTC) + timedelta(minutes=4)
    async with sent.out.sessions.begin() as session:
        await session.execute(update(Batch).values(send_from=send_from))
    with clock(OFF):
        turn = await sent.turn()
    assert (turn.taken, turn.next_at) == (0, send_from)


async def test_no_more_wait_to_leave_than_the_line_sends_within_a_minute(sent: Sent) -> None:
    await sent.out.set_pace(0.05)
    turns = [await sent.turn() for _ in range(3)]
    assert [turn.taken for turn in turns] == [3, 0, 0]
    figures = await sent.figures()
    assert (figures.queued, figures.waiting) == (3, 3)


@pytest.mark.parametrize("move", [Move.pause, Move.cancel])
async def test_texts_that_nobody_has_claimed_are_taken_back(sent: Sent, move: Move) -> None:
    await sent.turn()
    await sent.move(move)
    await sent.send()
    assert not +await sent.phones()
    assert (await sent.turn()).status is not BatchStatus.running
    figures = await sent.figures()
    assert (figures.waiting, figures.left_out) == ((6, 0) if move is Move.pause else (0, 6))


async def test_a_batch_that_goes_on_sends_what_was_taken_back_once(sent: Sent) -> None:
    await sent.out.set_pace(0.05)
    await sent.turn()
    await sent.move(Move.pause)
    await sent.out.set_pace(1000)
    await sent.move(Move.resume)
    await sent.run()
    assert await sent.phones() == ONCE_EACH


async def test_a_cancellation_in_the_middle_of_a_slice_waits_and_takes_all_of_it_back(
    sent: Sent,
) -> None:
    turning = asyncio.create_task(sent.turn())
    await asyncio.sleep(0)
    await asyncio.gather(turning, sent.move(Move.cancel))
    await sent.send()
    assert not +await sent.phones()
    assert (await sent.figures()).left_out == 6


async def test_two_workers_write_each_text_once(sent: Sent) -> None:
    others = [Batches(sent.out.sessions, pause=0.01) for _ in range(3)]
    await asyncio.gather(*(one.turn(sent.batch_id) for one in others))
    senders = [sent.out.sends_standalone() for _ in range(3)]
    for _ in range(3):
        await asyncio.gather(*(one.send_due() for one in senders))
    await sent.run()
    assert await sent.phones() == ONCE_EACH


STEPS = (
    "database.queries.consent_ledger.add",
    "database.queries.batch_slices.face",
    "database.queries.invitations.invite_all",
    "database.queries.batch_slices.enqueue",
)


async def test_a_worker_that_is_killed_in_a_slice_has_done_nothing_of_it(sent: Sent) -> None:
    async def killed(*_: object) -> None:
        raise Killed

    for where in STEPS:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(where, killed)
            with pytest.raises(Killed):
                await sent.turn()
        assert (await sent.figures()).waiting == 6
    await sent.run()
    assert await sent.phones() == ONCE_EACH


async def test_a_worker_that_is_killed_while_it_sends_sends_nothing_twice(sent: Sent) -> None:
    await sent.turn()
    await sent.send()
    async with sent.out.sessions() as session:
        one = (await session.scalars(select(Message.id).limit(1))).one()
    await sent.out.killed_in_the_call(one)
    await sent.run()
    await sent.out.ask()
    await sent.run()
    assert await sent.phones() == ONCE_EACH
    assert (await sent.progress()).batch.status == "done"


@pytest.mark.parametrize("minutes_ago", [30, 0])
async def test_a_batch_of_a_restored_database_looks_its_texts_up_before_it_sends_them(
    sent: Sent, minutes_ago: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.batches.IDLE_SECONDS", 0.5)
    done = await sent.worker.stretch(SliceRequest(batch_id=sent.batch_id))
    await sent.send()
    known = (await sent.worker.stretch(SliceRequest(batch_id=sent.batch_id))).settled
    assert (done.taken, known) == (6, 6)
    await put_back(sent, started_at=datetime.now(UTC) - timedelta(minutes=minutes_ago, seconds=1))
    again = await sent.worker.stretch(SliceRequest(batch_id=sent.batch_id, settled=known))
    assert again.taken == 6
    while await sent.out.send_standalone(TimeOuts()):
        pass
    assert await sent.phones() == ONCE_EACH
    assert sent.out.twilio.looked_up == 6


async def test_a_database_that_is_restored_in_the_middle_of_a_stretch_is_noticed(
    sent: Sent,
) -> None:
    known = Known()
    await sent.worker.turn(sent.batch_id, known)
    await sent.send()
    await sent.worker.turn(sent.batch_id, known)
    assert known.settled == 6
    await put_back(sent, started_at=datetime.now(UTC) - timedelta(seconds=1))
    assert (await sent.worker.turn(sent.batch_id, known)).taken == 6
    while await sent.out.send_standalone(TimeOuts()):
        pass
    assert await sent.phones() == ONCE_EACH
    assert sent.out.twilio.looked_up == 6


async def put_back(sent: Sent, started_at: datetime) -> None:
    """Put the database back to the moment after the batch's start."""
    async with sent.out.sessions.begin() as session:
        for table in (Invitation, Message):
            await session.execute(delete(table))
        back = {"status": "waiting", "message_id": None}
        await session.execute(update(BatchRecipient).values(**back))
        running = {"status": "running", "started_at": started_at, "ended_at": None}
        await session.execute(update(Batch).values(**running))


async def test_who_may_get_no_text_is_left_out_with_the_reason(sent: Sent) -> None:
    account = sent.out.brand.account_id
    async with sent.out.sessions.begin() as session:
        first, second = [
            await with_phone(session, account, phone_of(number)) for number in NUMBERS[:2]
        ]
        await record_opt_out(session, account, first.id, Recorded(ConsentSource.api))
        second.blocked_at = datetime.now(UTC)
    await sent.change(Account, first_text_check="refuse")
    await sent.run()
    assert not +await sent.phones()
    figures = await sent.figures()
    assert figures.left_out_because == {"opted_out": 1, "blocked": 1, "first_text": 4}


async def test_recipients_in_countries_that_the_line_may_not_text_are_left_out(sent: Sent) -> None:
    await sent.change(Line, countries=["DE"])
    async with sent.out.sessions.begin() as session:  # the first has written to the line before
        known = await with_phone(session, sent.out.brand.account_id, phone_of(NUMBERS[0]))
        session.add(
            Conversation(
                id=uuid4(),
                account_id=sent.out.brand.account_id,
                line_id=sent.out.brand.line_id,
                consumer_id=known.id,
                workflow_id="earlier",
                number=1,
                sequence=1,
                status="closed",
                pending_side="agent",
                skill_id=sent.out.brand.sales,
                opened_by="consumer",
                opened_at=datetime.now(UTC),
            )
        )
    await sent.run()
    assert +await sent.phones() == Counter(NUMBERS[:1])
    assert (await sent.figures()).left_out_because == {"country": 5}


async def test_an_opt_out_after_the_text_was_written_still_stops_it(sent: Sent) -> None:
    await sent.turn()
    account = sent.out.brand.account_id
    async with sent.out.sessions.begin() as session:
        consumer = await with_phone(session, account, phone_of(NUMBERS[0]))
        await record_opt_out(session, account, consumer.id, Recorded(ConsentSource.api))
    await sent.run()
    assert await sent.phones() == ONCE_EACH - Counter(NUMBERS[:1])
    assert (await sent.figures()).failed_because == {"opted_out": 1}


async def test_recipients_whose_place_sleeps_wait_and_hold_up_nobody(sent: Sent) -> None:
    await sent.change(Account, holds_quiet_hours=True, time_zone=zone_where_it_is(3))
    noon = OwnHours(zone_where_it_is(12))
    one = NUMBERS[0]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "activities.batches.held_until",
            lambda number, at, own: held_until(number, at, own if number == one else noon),
        )
        patched.setattr("outgoing.holds.held_until", lambda *_: None)
        async with sent.out.sessions.begin() as session:
            of_one = update(BatchRecipient).where(BatchRecipient.number == one)
            await session.execute(of_one.values(zone="elsewhere"))
        await sent.run()
    assert await sent.phones() == ONCE_EACH - Counter([one])
    shown = await sent.progress()
    assert (shown.figures.held, shown.batch.status) == (1, "running")
    assert (await sent.turn()).next_at == shown.figures.held_until


async def test_a_text_that_waits_into_the_night_is_put_off_and_leaves_in_the_morning(
    sent: Sent,
) -> None:
    await sent.turn()
    await sent.change(Account, holds_quiet_hours=True, time_zone=zone_where_it_is(23))
    await sent.send()
    assert not +await sent.phones()
    assert ((await sent.figures()).held, (await sent.turn()).taken) == (6, 0)
    await sent.change(Account, time_zone=zone_where_it_is(12))
    async with sent.out.sessions.begin() as session:  # the morning
        await session.execute(update(Message).values(look_up_at=datetime.now(UTC)))
    await sent.run()
    assert await sent.phones() == ONCE_EACH


async def test_a_line_that_is_retired_pauses_its_batch_and_says_why(sent: Sent) -> None:
    await sent.change(Line, retired_at=datetime.now(UTC))
    assert (await sent.turn()).status is BatchStatus.paused
    batch = (await sent.progress()).batch
    assert (batch.status, batch.stopped_because) == ("paused", "line_retired")
    with pytest.raises(Conflict):
        await sent.move(Move.resume)


async def test_a_paused_connector_gets_one_text_to_try(sent: Sent) -> None:
    await sent.out.fault("suspended", count=100)
    await sent.turn()
    await sent.send()
    await sent.move(Move.pause)
    await sent.move(Move.resume)
    assert (await sent.turn()).taken == 1
    assert (await sent.turn()).taken == 0
