"""Rows of a report and what is behind their numbers, where these do not add up to the total."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.conversation.kinds import Author, EventKind, Status
from domain.people.roles import Role
from domain.reporting.kinds import SplitBy
from services.reporting import behind
from services.reporting.behind import BehindQuery
from services.reporting.reports import ReportQuery
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

Only = Mapping[SplitBy, str]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOTHING: Only = {}


async def listed(
    recorder: Recorder,
    figure: str,
    at: datetime,
    only: Only = NOTHING,
    during: Mapping[SplitBy, int] | None = None,
    size: int = 50,
) -> list[UUID]:
    """Return the conversations behind a figure of a day, page by page."""
    manager = caller(recorder.brand.account_id, Role.manager)
    query, found, after = BehindQuery(figure, around(at), only, during or {}), [], None
    async with recorder.sessions() as session:
        while page := await behind.list_conversations(
            manager, session, query, after=after, limit=size
        ):
            found += [one.position.conversation_id for one in page]
            after = page[-1].position
    return found


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
