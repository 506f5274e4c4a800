"""What a scheduled export holds: what happened in its days, whenever conversations were opened."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import update

from database.tables import Event, Export
from domain.conversation.kinds import EventKind, Status
from domain.errors import Invalid
from domain.exporting.kinds import ExportKind, ExportStatus
from domain.exporting.spans import Every
from domain.people.roles import Role
from media.store import MediaStore, folder
from services.exporting import schedules
from services.exporting.inputs import NewExport
from services.exporting.making import ExportMaking
from services.exporting.schedules import NewSchedule
from services.history.filters import HistoryFilters
from tests.reporting.recording import Recorder
from tests.services.callers import caller

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KINDS = (
    ExportKind.messages,
    ExportKind.events,
    ExportKind.survey_answers,
    ExportKind.conversations,
)


async def test_what_happened_in_a_span_is_in_its_file_however_old_its_conversation_is(
    recorder: Recorder, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    opened, yesterday = now - 5 * DAY, now - DAY
    old = await recorder.conversation(Status.closed, opened_at=opened, closed_at=yesterday)
    await recorder.says(old, "before", at=opened)
    await recorder.says(old, "yesterday", at=yesterday)
    await recorder.change(old, survey_outcome="completed", survey_score=4)
    await recorder.happens(old, EventKind.survey_ended, at=yesterday)
    await recorder.record()
    store = MediaStore(lambda: folder(tmp_path))
    spans = {"yesterday": (now - 2 * DAY, now - DAY / 2), "before": (now - 4 * DAY, now - 3 * DAY)}
    found = {}
    for name, (since, until) in spans.items():
        for kind in KINDS:
            found[name, kind] = await _rows(recorder, store, kind, since, until)
    assert [found["yesterday", kind] for kind in KINDS] == [1, 2, 1, 1]
    assert [found["before", kind] for kind in KINDS] == [0, 0, 0, 0]


async def test_a_text_comes_once_with_the_opening_that_follows_it_after_midnight(
    recorder: Recorder, tmp_path: Path
) -> None:
    midnight = datetime.now(UTC) - DAY  # the run comes hours later
    opened = midnight + HOUR
    one = await recorder.conversation(Status.waiting, opened_at=opened)
    await recorder.says(one, "We will call you.", at=midnight - HOUR)
    await recorder.says(one, "When?", at=opened)
    async with recorder.sessions.begin() as session:  # both are in a conversation since then
        await session.execute(update(Event).values(at=opened))
    await recorder.record()
    store = MediaStore(lambda: folder(tmp_path))
    begins = [midnight + days * DAY for days in (-1, 0, 1)]
    spans = [(since, since + DAY) for since in begins]
    rows = [await _rows(recorder, store, ExportKind.messages, *span) for span in spans]
    assert rows == [0, 2, 0]


async def _rows(
    recorder: Recorder, store: MediaStore, kind: ExportKind, since: datetime, until: datetime
) -> int:
    account_id, export_id = recorder.brand.account_id, uuid4()
    new = NewSchedule(name="Daily", kind=kind, every=Every.day)
    async with recorder.sessions.begin() as session:
        row = await schedules.create(caller(account_id, Role.admin), session, new)
        kept = NewExport(kind=kind).kept()
        of = {"id": export_id, "account_id": account_id, "schedule_id": row.id, "due_at": until}
        status = str(ExportStatus.waiting)
        session.add(Export(**kept, **of, since=since, until=until, status=status))
    while await ExportMaking(recorder.sessions, store).make_part(export_id):
        pass
    async with recorder.sessions() as session:
        export = await session.get_one(Export, export_id)
    assert export.status == ExportStatus.done, export.failure
    return export.rows


async def test_figures_have_limits_and_no_filters(recorder: Recorder) -> None:
    ada = caller(recorder.brand.account_id, Role.admin)
    limited = {"skill": "acme-support", "figures": ["opened"]}
    new = NewSchedule.model_validate(
        {"name": "Figures", "kind": "figures", "every": "day", "report": limited}
    )
    async with recorder.sessions.begin() as session:
        row = await schedules.create(ada, session, new)
        assert row.report == limited
        filters = HistoryFilters(skill=["acme-support"])
        with pytest.raises(Invalid, match="Figures have no filters"):
            await schedules.create(
                ada, session, new.model_copy(update={"filters": filters, "name": "Others"})
            )
