"""Rows of a report and what is behind their numbers, where these do not add up to the total."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from database.queries.figures import figures
from database.tables import Event, QueueEntry, Team, TeamMember
from domain.conversation.kinds import EventKind, Status
from domain.people.roles import Role
from domain.reporting.kinds import SplitBy
from services.reporting import behind
from services.reporting.behind import BehindQuery
from services.reporting.reports import ReportQuery
from services.reporting.spans import Days
from tests.reporting.recording import Recorder
from tests.reporting.test_beside import (
    Values,
    around,
    counted,
    read,
    values,
    whole_recount_changes_nothing,
)
from tests.services.callers import caller
from workflows.conversation.messages import Actor

Only = Mapping[SplitBy, str]
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
NOTHING: Only = {}


async def listed(
    recorder: Recorder,
    figure: str,
    at: datetime,
    only: Only = NOTHING,
    during: Mapping[SplitBy, int] | None = None,
    size: int = 50,
    answer: str | None = None,
) -> list[UUID]:
    """Return the conversations behind a figure of a day, page by page."""
    manager = caller(recorder.brand.account_id, Role.manager)
    found, after = [], None
    query = BehindQuery(figure, around(at), only, during or {}, answer=answer)
    async with recorder.sessions() as session:
        while page := await behind.list_conversations(
            manager, session, query, after=after, limit=size
        ):
            found += [one.position.conversation_id for one in page]
            after = page[-1].position
    return found


async def test_what_waits_now_is_listed_behind_the_number_that_counts_it(
    recorder: Recorder,
) -> None:
    brand, now = recorder.brand, datetime.now(UTC)
    waits = [await waiting(recorder, f"+155502{place:05}", now) for place in range(3)]
    over = await recorder.conversation(Status.assigned, agent=brand.ann)
    begins, ends = now - 2 * SECOND, now - SECOND
    queued = EventKind.conversation_queued
    await recorder.happens(over, queued, at=begins, skill_id=brand.support)
    await recorder.happens(over, EventKind.conversation_assigned, brand.ann, at=ends)
    # This one waited before as well.
    await recorder.happens(waits[0], EventKind.conversation_assigned, brand.ann, at=now)
    await recorder.happens(waits[0], queued, skill_id=brand.support, at=now)
    await counted(recorder)
    total = (await figure(recorder, "waiting", now, SplitBy.total))[""]
    assert total
    every = {*waits, over}
    for size in (1, 2, 50):
        found = await listed(recorder, "waiting", now, size=size)
        assert (len(found), {*found}) == (4, every), size
    support, sales = {SplitBy.skill: brand.support}, {SplitBy.skill: brand.sales}
    assert {*await listed(recorder, "waiting", now, support)} == every
    assert await listed(recorder, "waiting", now, sales) == []
    other_hour = {SplitBy.hour: (now.hour + 12) % 24}
    assert await listed(recorder, "waiting", now, during=other_hour) == []
    assert await listed(recorder, "waiting", now - DAY) == []
    assert {*await listed(recorder, "opened", now)} == every


async def waiting(recorder: Recorder, number: str, since: datetime) -> UUID:
    """Add a conversation that waits in its queue."""
    brand = recorder.brand
    one = await recorder.conversation(number=number, skill_id=brand.support)
    at = since - SECOND
    await recorder.happens(one, EventKind.conversation_queued, at=at, skill_id=brand.support)
    async with recorder.sessions.begin() as session:
        session.add(
            QueueEntry(
                conversation_id=one,
                ticket=1,
                account_id=brand.account_id,
                workflow_id=f"w-{one}",
                skill_id=brand.support,
                entered_at=at,
            )
        )
    return one


async def test_every_answer_is_listed_behind_nps(recorder: Recorder) -> None:
    now, one = datetime.now(UTC), await recorder.conversation(Status.closed)
    answered = EventKind.survey_followed_up
    await recorder.happens(one, answered, question="recommend", value=2)
    await counted(recorder)
    assert (await figure(recorder, "nps", now, SplitBy.total))[""] == -100
    assert await listed(recorder, "nps", now) == [one]


async def test_each_answer_is_listed_by_itself(recorder: Recorder) -> None:
    now, answered = datetime.now(UTC), EventKind.survey_followed_up
    given = {"detractor": 6, "passive": 8, "promoter": 9}
    made = {}
    for place, (group, value) in enumerate(given.items()):
        made[group] = one = await recorder.conversation(Status.closed, number=f"+1555020{place}")
        await recorder.happens(one, answered, question="recommend", value=value)
        await recorder.happens(one, answered, question="resolved", value=value // 9)
    await counted(recorder)
    for group, one in made.items():
        assert await listed(recorder, "nps", now, answer=group) == [one]
    assert {*await listed(recorder, "resolved", now)} == {*made.values()}
    assert await listed(recorder, "resolved", now, answer="yes") == [made["promoter"]]
    unsolved = {made["detractor"], made["passive"]}
    assert {*await listed(recorder, "resolved", now, answer="no")} == unsolved


async def test_returning_consumers_were_known_before_whoever_had_their_conversations(
    recorder: Recorder,
) -> None:
    brand, now = recorder.brand, datetime.now(UTC)
    ann, ben = brand.ann, brand.ben
    for number, days in (("+15550201", (3, 1, 0)), ("+15550202", (1, 0)), ("+15550203", (0,))):
        for ago in days:
            at = now - ago * DAY
            one = await recorder.conversation(Status.closed, number=number, opened_at=at)
            async with recorder.sessions.begin() as session:
                theirs = update(Event).where(Event.conversation_id == one)
                await session.execute(theirs.values(at=at, data={"skill_id": brand.support}))
            moved = EventKind.conversation_transferred
            await recorder.happens(one, moved, ben, at=at, skill_id=brand.sales)
            closed = EventKind.conversation_closed
            await recorder.happens(one, closed, ann, at=at, reason="agent")
    await counted(recorder)
    name = "returning_consumers"
    # Of three consumers that day, one came for the first time.
    hers = {SplitBy.agent: ann.agent_id}
    assert await figure(recorder, name, now, SplitBy.agent) == {
        **{ann.agent_id: 2, ben.agent_id: None},
        "": 2,
    }
    skills = {brand.support: 2, brand.sales: 2, "": 2}
    assert await figure(recorder, name, now, SplitBy.skill) == skills
    for by in (SplitBy.total, SplitBy.weekday, SplitBy.hour, SplitBy.line):
        assert set((await figure(recorder, name, now, by, hers)).values()) == {2}, by
    week = ReportQuery(around(now, before=2), SplitBy.day)
    line = {SplitBy.line: brand.line_id}
    for only in (NOTHING, hers, line):
        report = await read(recorder, replace(week, only=only))
        rows = {one.key: values(report, one.key)[name] for one in report.rows}
        yesterday, today = ((now - ago * DAY).date().isoformat() for ago in (1, 0))
        assert rows == {yesterday: 1, today: 2}, only
        assert values(report)[name] == 1, only


async def figure(
    recorder: Recorder, name: str, at: datetime, by: SplitBy, only: Only = NOTHING
) -> dict[str, float | None]:
    """Return a figure of a day in each row, and in all together under no name."""
    report = await read(recorder, ReportQuery(around(at), by, only))
    rows: dict[str, Values] = {one.key: values(report, one.key) for one in report.rows}
    return {key: its[name] for key, its in {**rows, "": values(report)}.items()}


async def test_a_conversation_that_two_skills_handled_counts_in_each_and_once_in_all(
    recorder: Recorder,
) -> None:
    brand, now = recorder.brand, datetime.now(UTC)
    ann, ben, sales, support = brand.ann, brand.ben, brand.sales, brand.support
    one = await recorder.conversation(Status.assigned, agent=ann)
    await recorder.happens(one, EventKind.conversation_queued, skill_id=sales)
    await recorder.says(one, "Hello?")
    await recorder.says(one, "Ask my colleague", ann)
    await recorder.happens(one, EventKind.conversation_transferred, ann, skill_id=support)
    await recorder.says(one, "Hello again", ben)
    await counted(recorder)
    assert await figure(recorder, "handled", now, SplitBy.skill) == {sales: 1, support: 1, "": 1}
    both = {ann.agent_id: 1, ben.agent_id: 1, "": 1}
    assert await figure(recorder, "handled", now, SplitBy.agent) == both
    there = {SplitBy.skill: support}
    his = {SplitBy.agent: ben.agent_id}
    assert (await figure(recorder, "handled", now, SplitBy.day, there))[""] == 1
    assert (await figure(recorder, "handled", now, SplitBy.hour, {**there, **his}))[""] == 1
    line = {SplitBy.line: brand.line_id, SplitBy.source: "text"}
    assert await figure(recorder, "handled", now, SplitBy.skill, line) == {
        **{sales: 1, support: 1},
        "": 1,
    }
    for only in (NOTHING, there, his, {**there, **his}):
        assert await listed(recorder, "handled", now, only) == [one]
    await whole_recount_changes_nothing(recorder)


async def team_of(recorder: Recorder, *people: Actor) -> str:
    team_id = f"{recorder.brand.account_id}-helpers"
    async with recorder.sessions.begin() as session:
        session.add(Team(id=team_id, account_id=recorder.brand.account_id, name="Helpers"))
        await session.flush()
        session.add_all(TeamMember(team_id=team_id, agent_id=one.agent_id) for one in people)
    return team_id


async def handled_by(
    recorder: Recorder, number: str, *people: Actor, at: datetime, skill: str, then: str = ""
) -> UUID:
    """Add a conversation in which people write one after the other, the later ones in `then`."""
    one = await recorder.conversation(Status.assigned, number=number, opened_at=at)
    await recorder.happens(one, EventKind.conversation_queued, at=at, skill_id=skill)
    await recorder.says(one, "Hello?", at=at)
    for place, who in enumerate(people):
        if place and then:
            moved = EventKind.conversation_transferred
            await recorder.happens(one, moved, people[0], at=at, skill_id=then)
        at += place * SECOND
        await recorder.says(one, "It is on its way", who, at=at)
    return one


async def test_a_conversation_that_several_of_a_team_handled_counts_once_in_the_team(
    recorder: Recorder,
) -> None:
    brand = recorder.brand
    at = datetime.now(UTC).replace(hour=9, minute=0)
    ann, ben, mia, sales, support = brand.ann, brand.ben, brand.mia, brand.sales, brand.support
    team = await team_of(recorder, ann, ben)
    both = await handled_by(recorder, "+15550301", ann, ben, at=at, skill=sales, then=support)
    late = await handled_by(recorder, "+15550302", mia, ben, ann, at=at, skill=support)
    await handled_by(recorder, "+15550303", mia, at=at, skill=sales)
    await counted(recorder)
    theirs = {SplitBy.team: team}
    assert await figure(recorder, "handled", at, SplitBy.team) == {team: 2, "": 3}
    for by in (SplitBy.total, SplitBy.day, SplitBy.hour, SplitBy.line, SplitBy.source):
        assert set((await figure(recorder, "handled", at, by, theirs)).values()) == {2}, by
    in_each = {sales: 1, support: 2, "": 2}
    assert await figure(recorder, "handled", at, SplitBy.skill, theirs) == in_each
    people = {ann.agent_id: 2, ben.agent_id: 2, "": 2}
    assert await figure(recorder, "handled", at, SplitBy.agent, theirs) == people
    assert {*await listed(recorder, "handled", at, theirs)} == {both, late}
    for skill, those in ((sales, {both}), (support, {both, late})):
        only = {**theirs, SplitBy.skill: skill}
        assert await figure(recorder, "handled", at, SplitBy.total, only) == {"": len(those)}
        assert await figure(recorder, "handled", at, SplitBy.team, only) == {
            team: len(those),
            "": len(those),
        }
        assert {*await listed(recorder, "handled", at, only)} == those
    async with recorder.sessions() as session:
        board = await figures(session, brand.account_id, at - HOUR, [ann.agent_id, ben.agent_id])
    assert board.together.handled == 2
    await whole_recount_changes_nothing(recorder)


async def test_of_a_team_a_conversation_counts_on_the_day_on_which_the_first_of_them_handled_it(
    recorder: Recorder,
) -> None:
    brand, today = recorder.brand, datetime.now(UTC).replace(hour=9, minute=0)
    ann, ben = brand.ann, brand.ben
    only = {SplitBy.team: await team_of(recorder, ann, ben)}
    at = today - DAY
    one = await handled_by(recorder, "+15550304", ann, at=at, skill=brand.support)
    await recorder.says(one, "Hello again", ben, at=today)
    await counted(recorder)
    both = ReportQuery(Days(at.date(), today.date()), SplitBy.day, only)
    report = await read(recorder, both)
    days = {row.key: values(report, row.key)["handled"] for row in report.rows}
    assert days == {at.date().isoformat(): 1, today.date().isoformat(): 0}
    assert values(report)["handled"] == 1
    assert await listed(recorder, "handled", at, only) == [one]
    assert await listed(recorder, "handled", today, only) == []
    async with recorder.sessions() as session:
        people = [ann.agent_id, ben.agent_id]
        board = await figures(session, brand.account_id, today - HOUR, people)
    assert board.together.handled == 0
    assert board.by_agent[ben.agent_id].handled == 1
