"""The board's figures of today say what the report of today says."""

from datetime import UTC, datetime, timedelta

from database.queries.figures import figures
from domain.conversation.kinds import Status
from domain.people.roles import Role
from domain.reporting.catalogue import FIGURES
from reporting.summing import Summing
from services.reporting import reports
from services.reporting.reports import ReportQuery
from services.reporting.spans import Days
from tests.reporting.recording import Recorder
from tests.services.callers import caller

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_the_board_and_the_report_of_a_day_say_the_same(recorder: Recorder) -> None:
    ann, ben, account_id = recorder.brand.ann, recorder.brand.ben, recorder.brand.account_id
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for place, waits in enumerate((1, 3, 7, 20)):
        one = await recorder.conversation(
            Status.assigned, number=f"+155501{place:05}", opened_at=today
        )
        await recorder.says(one, "Hello?", at=today)
        await recorder.says(one, "Yes?", ann, at=today + waits * MINUTE)
    old = await recorder.conversation(Status.assigned, opened_at=today - DAY)
    await recorder.says(old, "Hello?", at=today - DAY)
    await recorder.says(old, "Yes?", ann, at=today - DAY + MINUTE)
    await recorder.says(old, "Still there?", ben, at=today)
    await recorder.record()
    await Summing(recorder.sessions).look()
    query = ReportQuery(Days(today.date(), today.date()))
    async with recorder.sessions() as session:
        board = await figures(session, account_id, today)
        report = await reports.read(caller(account_id, Role.manager), session, query)
    told = {name: FIGURES[name] for name in ("handled", "first_response_time")}
    said = {name: one.part.of(report.total.sums) for name, one in told.items()}
    assert board.together.handled == said["handled"].times == 4
    assert board.by_agent[ben.agent_id].handled == 1
    median = said["first_response_time"].clock.share(0.5)
    assert median is not None
    assert board.together.first_response == 3 * MINUTE
    assert abs(median - 180) <= 0.015 * 180
    async with recorder.sessions() as session:
        his = await figures(session, account_id, today, [ben.agent_id])
    assert his.together.handled == 1
