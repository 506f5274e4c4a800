"""Rows, workflows, texts and deadlines that do not match are found and repaired."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text, update

from database.queries.watches import (
    FAR_BACK,
    HEALED_AFTER,
    HealedCounts,
    count_lost,
    healed,
)
from database.tables import Inbound, LatestStep, Line, Message
from domain.conversation.kinds import Status
from domain.delivery.message_status import MessageStatus
from domain.errors import Unavailable
from routing import watches as module
from routing.watches import Watches
from tests.database.transcripts import new_conversation, new_message
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import eventually
from tests.routing.scenario import Scenario

LONG = 2 * HEALED_AFTER
OURS = b"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
IDLE_TRANSACTIONS = OURS + b" AND state = 'idle in transaction'"


@pytest.fixture
def watches(scenario: Scenario) -> Watches:
    return Watches(scenario.sessions, scenario.conversations, scenario.router.reviving)


def ago(span: timedelta) -> datetime:
    return datetime.now(UTC) - span


async def runs(scenario: Scenario, conversation: UUID, since: timedelta = LONG) -> str:
    """Have a conversation's workflow run for so long; returns its id."""
    workflow = await scenario.workflow(conversation)
    scenario.conversations.began[workflow] = ago(since)
    return workflow


async def held(scenario: Scenario, number: str = "+15550123") -> UUID:
    ann = scenario.brand.ann.agent_id
    return await new_conversation(
        scenario.sessions, scenario.brand, Status.assigned, number=number, agent_id=ann
    )


async def closed(scenario: Scenario, number: str = "+15550123") -> UUID:
    """Have a conversation that closed long ago."""
    sessions, brand = scenario.sessions, scenario.brand
    conversation = await new_conversation(sessions, brand, Status.closed, number=number)
    await scenario.row(conversation, closed_at=ago(LONG))
    return conversation


# Rows and workflows


async def test_an_open_conversation_without_a_workflow_goes_on_in_a_new_one(
    scenario: Scenario, watches: Watches
) -> None:
    await runs(scenario, await held(scenario))
    lost = await held(scenario, "+15550124")
    await watches.repair()
    assert scenario.conversations.looked == [await scenario.workflow(lost)]


async def test_a_closed_conversation_needs_no_workflow(
    scenario: Scenario, watches: Watches
) -> None:
    await new_conversation(scenario.sessions, scenario.brand, Status.closed)
    await watches.repair()
    assert scenario.conversations.looked == []


async def test_a_workflow_without_an_open_conversation_looks_what_stands(
    scenario: Scenario, watches: Watches
) -> None:
    workflow = await runs(scenario, await closed(scenario))
    scenario.conversations.began["sms/line/nobody-known"] = ago(LONG)
    await watches.repair()
    assert sorted(scenario.conversations.looked) == sorted([workflow, "sms/line/nobody-known"])


async def test_a_workflow_that_has_just_begun_may_not_have_its_row_yet(
    scenario: Scenario, watches: Watches
) -> None:
    scenario.conversations.began["sms/line/somebody-new"] = ago(HEALED_AFTER / 2)
    await watches.repair()
    assert scenario.conversations.looked == []


async def test_a_workflow_that_awaits_a_late_answer_is_left_alone(
    scenario: Scenario, watches: Watches
) -> None:
    rated = await closed(scenario)
    workflow = await runs(scenario, rated)
    await late_until(scenario, rated, datetime.now(UTC) + timedelta(hours=1))
    await watches.repair()
    assert scenario.conversations.looked == []
    await late_until(scenario, rated, ago(timedelta(hours=1)))
    await watches.repair()
    assert scenario.conversations.looked == [workflow]


async def late_until(scenario: Scenario, conversation: UUID, at: datetime) -> None:
    is_this = LatestStep.conversation_id == conversation
    async with scenario.sessions.begin() as session:
        step = (await session.scalars(select(LatestStep).where(is_this))).one()
        survey = {"late_until": at.isoformat()}
        step.state = step.state | {"survey": survey}


@pytest.mark.parametrize(
    ("status", "stands", "is_left_alone"),
    [
        (MessageStatus.queued, {}, True),
        (MessageStatus.sending, {}, True),
        (MessageStatus.unknown, {"look_up_at": datetime(2026, 3, 1, tzinfo=UTC)}, True),
        (MessageStatus.unknown, {"look_up_at": None}, False),
        (MessageStatus.sending, {"provider_message_id": "SM1"}, False),
        (MessageStatus.delivered, {}, False),
        (MessageStatus.failed, {}, False),
    ],
)
async def test_a_workflow_that_still_sends_the_last_text_is_left_alone(
    scenario: Scenario,
    watches: Watches,
    status: MessageStatus,
    stands: dict[str, object],
    *,
    is_left_alone: bool,
) -> None:
    message = await new_message(scenario.sessions, scenario.brand, status)
    async with scenario.sessions.begin() as session:
        row = (await session.scalars(select(Message).where(Message.id == message))).one()
        conversation = row.conversation_id
        if stands:
            changed = update(Message).where(Message.id == message)
            await session.execute(changed.values(stands))
    assert conversation
    await scenario.row(conversation, status=Status.closed.value)
    await runs(scenario, conversation)
    await watches.repair()
    assert bool(scenario.conversations.looked) is not is_left_alone


# Time that does nothing


@pytest.mark.parametrize(
    ("due", "is_told"),
    [(-LONG, True), (-HEALED_AFTER / 2, False), (timedelta(hours=1), False)],
)
async def test_a_conversation_in_which_time_did_nothing_looks_what_stands(
    scenario: Scenario, watches: Watches, due: timedelta, *, is_told: bool
) -> None:
    conversation = await held(scenario)
    workflow = await runs(scenario, conversation)
    later = (datetime.now(UTC) + timedelta(days=90)).isoformat()
    at = (datetime.now(UTC) + due).isoformat()
    await scenario.row(conversation, deadlines={"auto_close": later, "response": at})
    await watches.repair()
    assert scenario.conversations.looked == [workflow] * is_told


async def test_a_closed_conversation_is_never_overdue(scenario: Scenario, watches: Watches) -> None:
    conversation = await new_conversation(scenario.sessions, scenario.brand, Status.closed)
    await scenario.row(conversation, deadlines={"auto_close": ago(LONG).isoformat()})
    await watches.repair()
    assert scenario.conversations.looked == []


async def left_unsent(scenario: Scenario, number: str) -> UUID:
    """Have a text that no worker has begun to send; returns its conversation."""
    message = await new_message(scenario.sessions, scenario.brand, number=number)
    of = Message.id == message
    async with scenario.sessions.begin() as session:
        await session.execute(
            update(Message).where(of).values(written_at=ago(LONG), attempted_at=ago(LONG))
        )
        conversation = (await session.scalars(select(Message.conversation_id).where(of))).one()
    assert conversation
    return conversation


@pytest.mark.parametrize("late", ["overdue", "unsent"])
async def test_many_that_stay_as_they_are_leave_the_others_their_turn(
    scenario: Scenario, watches: Watches, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    monkeypatch.setattr("database.queries.watches.MOST", 2)
    workflows = set()
    for number in range(6):
        who = f"+1555012{number:04}"
        if late == "overdue":
            conversation = await held(scenario, who)
            await scenario.row(conversation, deadlines={"auto_close": ago(LONG).isoformat()})
        else:
            conversation = await left_unsent(scenario, who)
        workflows.add(await runs(scenario, conversation))

    async def are_all_told() -> bool:
        await watches.repair()
        return set(scenario.conversations.looked) == workflows

    await eventually(are_all_told)


# Texts that stand in no transcript


async def arrived(scenario: Scenario, *, handed_over: timedelta | None, times: int = 1) -> UUID:
    """Have a text arrive that was handed over so long ago and stands in no transcript."""
    thread = await new_thread(scenario.sessions, scenario.brand)
    values = {
        "id": uuid4(),
        "account_id": scenario.brand.account_id,
        "line_id": scenario.brand.line_id,
        "consumer_id": UUID(thread.consumer_id),
        "provider_message_id": str(uuid4()),
        "text": "hello",
        "handed_over_at": ago(handed_over) if handed_over else None,
        "hand_overs": times if handed_over else 0,
    }
    async with scenario.sessions.begin() as session:
        line = (await session.scalars(select(Line).where(Line.id == scenario.brand.line_id))).one()
        await session.execute(insert(Inbound).values(values | {"connector_id": line.connector_id}))
    return UUID(str(values["id"]))


async def waits_again(scenario: Scenario, inbound: UUID) -> bool:
    async with scenario.sessions() as session:
        row = (await session.scalars(select(Inbound).where(Inbound.id == inbound))).one()
        return row.handed_over_at is None


@pytest.mark.parametrize(
    ("times", "minutes", "is_given_back"),
    [(1, 1, False), (1, 3, True), (2, 3, False), (2, 5, True), (5, 31, False), (5, 33, True)],
)
async def test_a_lost_text_is_handed_over_again_each_time_later(
    scenario: Scenario, watches: Watches, times: int, minutes: int, *, is_given_back: bool
) -> None:
    lost = await arrived(scenario, handed_over=timedelta(minutes=minutes), times=times)
    await watches.repair()
    assert await waits_again(scenario, lost) is is_given_back


async def test_a_text_in_a_transcript_is_not_lost(scenario: Scenario, watches: Watches) -> None:
    taken = await arrived(scenario, handed_over=LONG)
    message = await new_message(scenario.sessions, scenario.brand)
    async with scenario.sessions.begin() as session:
        await session.execute(update(Message).where(Message.id == message).values(id=taken))
    await watches.repair()
    assert not await waits_again(scenario, taken)


async def test_a_text_lost_more_than_a_month_ago_stays_so(
    scenario: Scenario, watches: Watches
) -> None:
    old = await arrived(scenario, handed_over=timedelta(days=31))
    await watches.repair()
    assert not await waits_again(scenario, old)


async def test_mismatches_are_counted_before_they_are_repaired(scenario: Scenario) -> None:
    direct = scenario.sessions.direct
    assert await healed(direct) == HealedCounts(0, 0)
    assert await count_lost(direct, FAR_BACK) == 0
    soon = HEALED_AFTER * 0.75
    await arrived(scenario, handed_over=soon)
    await arrived(scenario, handed_over=HEALED_AFTER / 4)
    conversation = await held(scenario)
    async with scenario.sessions.begin() as session:
        adopted = update(LatestStep).where(LatestStep.conversation_id == conversation)
        await session.execute(adopted.values(adoptions=3))
        gap = text("INSERT INTO event (account_id, kind, data) VALUES (:account, :kind, '{}')")
        await session.execute(
            gap, {"account": scenario.brand.account_id, "kind": "history_missing"}
        )
    assert await healed(direct) == HealedCounts(steps_adopted=3, gaps_marked=1)
    assert await count_lost(direct, FAR_BACK) == 1


# How the watches go about it


async def test_nobody_is_told_twice_within_ten_minutes(
    scenario: Scenario, watches: Watches, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = await scenario.workflow(await held(scenario))
    for _ in range(3):
        await watches.repair()
    assert scenario.conversations.looked == [workflow]
    monkeypatch.setattr(module, "ASKED_AGAIN_AFTER", 0.0)
    await asyncio.sleep(0.001)
    await watches.repair()
    assert scenario.conversations.looked == [workflow] * 2


async def test_a_conversation_that_went_on_since_may_be_told_again(
    scenario: Scenario, watches: Watches
) -> None:
    conversation = await held(scenario)
    await watches.repair()
    await scenario.row(conversation, sequence=2)
    await watches.repair()
    assert scenario.conversations.looked == [await scenario.workflow(conversation)] * 2


async def test_a_workflow_that_could_not_be_told_is_told_by_the_next_sweep(
    scenario: Scenario, watches: Watches
) -> None:
    workflow = await scenario.workflow(await held(scenario))
    scenario.conversations.deaf.add(workflow)
    await watches.repair()
    assert scenario.conversations.looked == []
    scenario.conversations.deaf.clear()
    await watches.repair()
    assert scenario.conversations.looked == [workflow]


async def test_one_workflow_that_cannot_be_told_keeps_nobody_else_from_it(
    scenario: Scenario, watches: Watches
) -> None:
    overdue = await held(scenario)
    deaf = await runs(scenario, overdue)
    await scenario.row(overdue, deadlines={"auto_close": ago(LONG).isoformat()})
    lost = await scenario.workflow(await held(scenario, "+15550124"))
    scenario.conversations.began["sms/line/nobody-known"] = ago(LONG)
    scenario.conversations.deaf.add(deaf)
    await watches.repair()
    assert scenario.conversations.looked == [lost, "sms/line/nobody-known"]


async def test_no_transaction_waits_while_temporal_is_asked(
    scenario: Scenario, watches: Watches
) -> None:
    idle: list[object] = []

    async def count_idle() -> None:
        idle.extend(await scenario.sessions.direct.fetch_one(IDLE_TRANSACTIONS, {}) or ())

    scenario.conversations.when_asked = count_idle
    await watches.repair()
    assert idle == [0]


async def test_a_conversation_that_closed_while_temporal_was_asked_gets_no_workflow(
    scenario: Scenario, watches: Watches
) -> None:
    conversation = await held(scenario)
    lost = await scenario.workflow(await held(scenario, "+15550124"))

    async def close() -> None:
        await scenario.row(conversation, status=str(Status.closed))

    scenario.conversations.when_asked = close
    await watches.repair()
    assert scenario.conversations.looked == [lost]


async def test_a_workflow_that_opened_a_conversation_while_temporal_was_asked_is_left_alone(
    scenario: Scenario, watches: Watches
) -> None:
    conversation = await closed(scenario)
    await runs(scenario, conversation)

    async def reopen() -> None:
        await scenario.row(conversation, status=str(Status.assigned))

    scenario.conversations.when_asked = reopen
    await watches.repair()
    assert scenario.conversations.looked == []


async def test_the_watches_go_on_after_an_hour_without_temporal(
    scenario: Scenario, watches: Watches
) -> None:
    workflow = await scenario.workflow(await held(scenario))
    scenario.conversations.is_away = True
    with pytest.raises(Unavailable):
        await watches.repair()
    scenario.conversations.is_away = False
    await watches.repair()
    assert scenario.conversations.looked == [workflow]
