"""What figures count beside conversations: texts without one, costs, consent, load, consumers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from cli.recount import _recount
from database.direct import in_session
from database.queries import agent_states, consent_ledger, delivery, invitations
from database.queries.consent import (
    Consenting,
    Recorded,
    record_keyword,
    record_opt_out,
    record_refusal,
    record_wish,
)
from database.queries.delivery import Bill
from database.queries.invitations import NewInvitation
from database.queries.standalone import NewText
from database.tables import Agent, Conversation, Event, Message, QueueEntry, ReportFact
from domain.consent.keyword import Keyword
from domain.consent.ledger import ImportedConsent
from domain.consent.sources import ConsentSource
from domain.conversation.kinds import Author, CloseReason, EventKind, Status
from domain.delivery.message_status import MessageStatus
from domain.numbers.phone_numbers import phone_of
from domain.origins.kinds import OriginKind
from domain.origins.origin import Context
from domain.people.roles import AgentState, Role
from domain.reporting.catalogue import FIGURES
from domain.reporting.kinds import FactKind, SplitBy
from domain.reporting.segments import agent_segments, skill_segments
from reporting.loading import Loading
from reporting.summing import Summing
from services.caller import Caller
from services.reporting import reports
from services.reporting.reports import Report, ReportQuery
from services.reporting.spans import Days
from tests.domain.reporting.test_course import told
from tests.domain.scenario import ANN, BEN, SALES, waiting
from tests.fixtures.brand import new_brand
from tests.reporting.recording import Recorder
from tests.services.callers import caller
from workflows.conversation.messages import Actor

HOUR = timedelta(hours=1)
Values = Mapping[str, float | None]


async def counted(recorder: Recorder) -> None:
    await recorder.record()
    await Summing(recorder.sessions).look()


async def read(recorder: Recorder, query: ReportQuery) -> Report:
    manager: Caller = caller(recorder.brand.account_id, Role.manager)
    async with recorder.sessions() as session:
        return await reports.read(manager, session, query)


def around(at: datetime, *, before: int = 0) -> Days:
    """Return a day, and some before it, of an account in UTC."""
    return Days(at.date() - timedelta(days=before), at.date())


def values(report: Report, key: str | None = None) -> Values:
    row = report.total if key is None else next(one for one in report.rows if one.key == key)
    seconds = report.seconds if key is None else report.seconds_of(row)
    return {id_: one.value(row.sums, seconds=seconds) for id_, one in FIGURES.items()}


def some(found: Values, *names: str) -> list[float | None]:
    return [found[name] for name in names]


async def whole_recount_changes_nothing(recorder: Recorder) -> None:
    account_id = recorder.brand.account_id
    assert await _recount(recorder.settings, account_id) == {account_id: set()}


async def is_billed(recorder: Recorder, message_id: UUID, status: str, *bill: Any) -> None:
    """Let the provider report on a text, and what it bills."""
    async with recorder.sessions.begin() as session:
        await delivery.report(
            in_session(session),
            message_id,
            MessageStatus(status),
            provider_message_id=f"SM{message_id}",
            bill=Bill(*bill) if bill else None,
            at=datetime.now(UTC),
        )


async def notified(recorder: Recorder, at: datetime) -> UUID:
    """Have a text of a notification to a consumer of a conversation written."""
    brand, one = recorder.brand, await recorder.conversation(Status.closed)
    async with recorder.sessions.begin() as session:
        consumer_id = (await session.get_one(Conversation, one)).consumer_id
        ids = (brand.account_id, brand.line_id, consumer_id)
        new = NewInvitation(
            text=NewText(uuid4(), *ids, "Your parcel is here.", at),
            kind=OriginKind.notification,
            origin_id="n-1",
            title="Parcels",
            skill_id=brand.sales,
            look_back=HOUR,
            context=Context(reference="4711"),
        )
        assert await invitations.invite(session, new)
    return new.text.id


async def is_answered(recorder: Recorder, alone: UUID) -> None:
    """Have a consumer answer a text, which their conversation shows."""
    one = await recorder.conversation(number="+15550123")
    async with recorder.sessions.begin() as session:
        moved = update(Message).where(Message.id == alone)
        await session.execute(moved.values(conversation_id=one, position=1))
    shown: dict[str, Any] = {"message_id": str(alone), "author": "system", "is_invitation": True}
    await recorder.happens(one, EventKind.message_added, **shown)
    theirs: dict[str, Any] = {"message_id": str(uuid4()), "author": "consumer", "segments": 3}
    await recorder.happens(one, EventKind.message_added, **theirs)


async def test_texts_without_a_conversation_and_late_prices_are_counted(
    recorder: Recorder,
) -> None:
    brand, now = recorder.brand, datetime.now(UTC)
    alone, lost = await notified(recorder, now), await notified(recorder, now)
    await is_billed(recorder, alone, "sent", 1, None, None)
    await is_billed(recorder, lost, "failed")
    one = await recorder.conversation(Status.assigned, number="+15550155", agent=brand.ann)
    text = await recorder.says(one, "It is on its way", brand.ann, segments=2)
    async with recorder.sessions.begin() as session:
        queued = {"status": MessageStatus.queued.value}
        await session.execute(update(Message).where(Message.id == text).values(**queued))
    await is_billed(recorder, text, "delivered", 2, Decimal("0.0158"), "EUR")
    await counted(recorder)
    query = ReportQuery(around(now), SplitBy.source)
    before = values(await read(recorder, query))
    assert some(before, "texts_alone", "alone_delivered", "alone_not_delivered") == [2, 0, 50]
    assert some(before, "segments_out", "cost") == [4, 0.0158]
    await is_billed(recorder, alone, "delivered", 1, Decimal("-0.0075"), "USD")
    await is_billed(recorder, text, "delivered", 2, Decimal("0.0160"), "EUR")
    await is_billed(recorder, text, "delivered", 2, Decimal("0.0160"), "EUR")
    await is_answered(recorder, alone)
    await counted(recorder)
    report = await read(recorder, query)
    found = values(report)
    assert some(found, "texts_alone", "texts_automatic", "segments_in") == [2, 0, 3]
    assert some(found, "texts_delivered", "texts_not_delivered", "delivered") == [2, 1, 100 * 2 / 3]
    assert found["cost"] is None, "two currencies are never one number"
    cost = FIGURES["cost"].details(report.total.sums)
    assert cost == {"EUR": 0.016, "USD": 0.0075}
    assert values(report, "notification")["texts_alone"] == 2
    assert values(report, "notification")["cost"] == 0.0075
    by_skill = await read(recorder, replace(query, by=SplitBy.skill))
    assert values(by_skill, brand.sales)["texts_alone"] == 2
    await whole_recount_changes_nothing(recorder)


async def test_consent_counts_once_for_each_consumer_by_how_it_came(recorder: Recorder) -> None:
    brand, now = recorder.brand, datetime.now(UTC)
    ids = [
        await recorder.conversation(number=f"+1555014{number}", agent=brand.ann)
        for number in range(10, 14)
    ]
    async with recorder.sessions.begin() as session:
        rows = (await session.scalars(select(Conversation).where(Conversation.id.in_(ids)))).all()
        who = [Consenting(brand.account_id, row.consumer_id, brand.line_id) for row in rows]
        stop, start = uuid4(), uuid4()
        await record_keyword(session, who[0], Keyword.stop, text="STOP", inbound_id=stop)
        await record_opt_out(
            session, brand.account_id, who[1].consumer_id, Recorded(ConsentSource.agent)
        )
        await record_refusal(session, who[2], sent_at=now + HOUR)
        await record_wish(session, who[3], Recorded(ConsentSource.call))
    async with recorder.sessions.begin() as session:
        await record_keyword(session, who[0], Keyword.start, text="START", inbound_id=start)
    await counted(recorder)
    report = await read(recorder, ReportQuery(around(now), SplitBy.skill))
    found = values(report)
    how = ("keyword", "agent", "program", "call", "provider")
    assert found["opt_outs"] == 3
    assert [found[f"opt_outs_by_{one}"] for one in how] == [1, 1, 0, 0, 1]
    assert [found[f"opt_ins_by_{one}"] for one in how[:4]] == [1, 0, 0, 1]
    assert values(report, brand.support)["opt_outs"] == 3
    await whole_recount_changes_nothing(recorder)


async def test_evidence_of_consent_counts_once_and_not_for_who_opted_out(
    recorder: Recorder,
) -> None:
    brand, first = recorder.brand, datetime.now(UTC).date()
    stopped, new = "+15550148", "+15550149"
    one = await recorder.conversation(number=stopped)
    async with recorder.sessions.begin() as session:
        row = await session.get_one(Conversation, one)
        who = Consenting(brand.account_id, row.consumer_id, brand.line_id)
        await record_keyword(session, who, Keyword.stop, text="STOP", inbound_id=uuid4())
    for _ in range(2):
        given = [
            ImportedConsent(
                phone_of(number), "opted_in", "account", datetime.now(UTC), "form 7", text=None
            )
            for number in (stopped, new)
        ]
        async with recorder.sessions.begin() as session:
            by = Recorded(ConsentSource.imported)
            await consent_ledger.add(session, brand.account_id, consent_ledger.packed(given), by)
    await counted(recorder)
    days = Days(first, datetime.now(UTC).date())
    found = values(await read(recorder, ReportQuery(days)))
    assert some(found, "opt_outs", "opt_ins", "opt_ins_by_program") == [1, 1, 1]
    await whole_recount_changes_nothing(recorder)


async def test_an_opt_out_belongs_to_the_conversation_that_it_began_and_to_no_later_one(
    recorder: Recorder,
) -> None:
    brand, now = recorder.brand, datetime.now(UTC)
    its, later = [
        await recorder.conversation(Status.closed, number="+15550147", opened_at=at, closed_at=at)
        for at in (now + timedelta(seconds=2), now + timedelta(seconds=50))
    ]
    async with recorder.sessions.begin() as session:
        row = await session.get_one(Conversation, later)
        who = Consenting(brand.account_id, row.consumer_id, brand.line_id)
        await record_keyword(session, who, Keyword.stop, text="STOP", inbound_id=uuid4())
    await counted(recorder)
    async with recorder.sessions() as session:
        facts = select(ReportFact.conversation_id).where(ReportFact.kind == FactKind.opted_out)
        assert (await session.scalars(facts)).all() == [its]


async def test_load_is_looked_at_each_minute_by_one_process(recorder: Recorder) -> None:
    brand = recorder.brand
    at = datetime.now(UTC).replace(minute=10, second=0, microsecond=0)
    await recorder.conversation()
    await counted(recorder)
    await comes_online(recorder, brand.ann, at, capacity=4)
    await comes_online(recorder, brand.ben, at, capacity=2)
    others = replace(recorder, brand=await new_brand(recorder.sessions))
    await comes_online(others, others.brand.ann, at, capacity=1)
    loading = Loading(recorder.sessions)
    await loading.look(at)
    for number in range(3):
        number_of = f"+1555016{number}"
        await recorder.conversation(Status.assigned, number=number_of, agent=brand.ann)
    await loading.look(at + timedelta(seconds=20))
    await loading.look(at + timedelta(minutes=1))
    await counted(recorder)
    query = ReportQuery(around(at), SplitBy.agent)
    report = await read(recorder, query)
    names = ("load", "load_least", "load_most")
    assert some(values(report), *names) == [25, 0, 50], "3 of 6 in one of two minutes"
    assert some(values(report, brand.ann.agent_id), *names) == [37.5, 0, 75]
    assert some(values(report, brand.ben.agent_id), *names) == [0, 0, 0]
    theirs = values(await read(others, query))
    assert some(theirs, *names) == [0, 0, 0], "another account's, in the same hour"
    await whole_recount_changes_nothing(recorder)


async def comes_online(recorder: Recorder, who: Actor, at: datetime, capacity: int) -> None:
    async with recorder.sessions.begin() as session:
        agent = await session.get_one(Agent, who.agent_id)
        agent.capacity = capacity
        await agent_states.set_state(session, agent, AgentState.online, None, at)


async def test_what_runs_counts_until_now(recorder: Recorder) -> None:
    brand, now = recorder.brand, datetime.now(UTC)
    since = now - timedelta(hours=30)
    one = await recorder.conversation()
    await recorder.happens(one, EventKind.conversation_queued, at=since, skill_id=brand.support)
    async with recorder.sessions.begin() as session:
        session.add(
            QueueEntry(
                conversation_id=one,
                ticket=1,
                account_id=brand.account_id,
                workflow_id="of-the-test",
                skill_id=brand.support,
                entered_at=since,
            )
        )
    await comes_online(recorder, brand.ann, since, capacity=4)
    await counted(recorder)
    query = ReportQuery(around(now, before=2), SplitBy.agent)
    report = await read(recorder, query)
    hours = values(report, brand.ann.agent_id)["online_hours"]
    assert hours is not None
    assert 30 <= hours < 31
    by_skill = await read(recorder, replace(query, by=SplitBy.skill))
    waits = values(by_skill, brand.support)
    assert waits["waiting"] == waits["waiting_in_hours"]
    assert 30 <= round((waits["waiting"] or 0) * report.seconds / 3600, 3) < 31
    by_day = await read(recorder, replace(query, by=SplitBy.day))
    days = [values(by_day, row.key)["online_hours"] or 0 for row in by_day.rows]
    assert round(sum(days), 2) == round(hours, 2)
    limited = await read(recorder, replace(query, only={SplitBy.skill: brand.sales}))
    assert not values(limited)["online_hours"]


async def test_consumers_count_once_in_any_span_and_days_do_not_add_up(
    recorder: Recorder,
) -> None:
    now = datetime.now(UTC)
    for number, ago in ((20, 5), (20, 3), (20, 0), (21, 3), (22, 0)):
        await spoke(recorder, f"+155501{number}", now - timedelta(days=ago))
    await counted(recorder)
    week = ReportQuery(around(now, before=6), SplitBy.day)
    report = await read(recorder, week)
    names = ("active_consumers", "new_consumers", "returning_consumers")
    assert some(values(report), *names) == [3, 3, 0]
    by_day = [values(report, row.key)["active_consumers"] for row in report.rows]
    assert sum(one or 0 for one in by_day) == 5
    last = await read(recorder, ReportQuery(around(now, before=3), SplitBy.total))
    assert some(values(last), *names) == [3, 2, 1], "one of them was known before"
    assert some(values(last, ""), *names) == [3, 2, 1]
    for by in (SplitBy.skill, SplitBy.line, SplitBy.source):
        [row] = (await read(recorder, replace(week, by=by))).rows
        assert FIGURES["active_consumers"].value(row.sums) == 3, by
    long = replace(week, by=SplitBy.line, days=around(now, before=60))
    [row] = (await read(recorder, long)).rows
    assert FIGURES["active_consumers"].value(row.sums) is None, "that takes long for many days"
    named = replace(long, figures=("active_consumers", "returning_consumers"))
    [row] = (await read(recorder, named)).rows
    assert FIGURES["active_consumers"].value(row.sums) == 3
    firsts = [one.is_first for one in await recorder.records()]
    assert (firsts.count(True), firsts.count(False)) == (3, 2)
    await whole_recount_changes_nothing(recorder)


async def spoke(recorder: Recorder, number: str, at: datetime) -> None:
    """Have a consumer's conversation open and close at a moment."""
    one = await recorder.conversation(Status.closed, number=number, opened_at=at)
    async with recorder.sessions.begin() as session:
        await session.execute(
            update(Conversation).where(Conversation.id == one).values(closed_at=at)
        )
        await session.execute(delete(Event).where(Event.conversation_id == one))
    await recorder.happens(
        one,
        EventKind.conversation_opened,
        at=at,
        opened_by="consumer",
        skill_id=recorder.brand.support,
    )
    await recorder.says(one, "hello", author=Author.consumer, at=at)
    await recorder.happens(
        one, EventKind.conversation_closed, at=at, reason=str(CloseReason.auto_close)
    )


def test_segments_of_agents_and_skills_leave_out_the_queue() -> None:
    talk = waiting()
    talk.passes(minutes=3)
    talk.routes_to(ANN)
    talk.passes(minutes=5)
    talk.transfers(ANN, SALES)
    talk.passes(minutes=7)
    talk.routes_to(BEN)
    talk.passes(minutes=2)
    talk.returns(BEN)
    events = told(talk)
    now = events[-1].at + timedelta(minutes=4)
    agents = [(one.who, one.seconds(now) // 60) for one in agent_segments(events)]
    assert agents == [("ann", 5), ("ben", 2)]
    skills = [(one.who, one.seconds(now) // 60) for one in skill_segments(events)]
    assert skills == [("support", 8), ("sales", 13)]
