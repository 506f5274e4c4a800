"""Scheduled files that an erasure takes back are made anew at once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from activities.erasing import Erasing
from database.tables import Export, ExportSchedule
from domain.erasure.kinds import ErasureStatus
from domain.exporting.kinds import ExportStatus
from media.opening import create_store
from tests.database.transcripts import new_conversation
from tests.erasing.test_late import asked_for
from tests.fixtures.centre import Centre
from workflows.exports.messages import WORKFLOW, workflow_id


async def test_a_scheduled_file_that_an_erasure_takes_back_is_begun_again_with_it(
    centre: Centre,
) -> None:
    await new_conversation(centre.sessions, centre.brand)
    erasure = await asked_for(centre.sessions, centre.brand, datetime.now(UTC))
    of = {"account_id": centre.brand.account_id, "kind": "messages", "format": "csv", "filters": {}}
    schedule = ExportSchedule(
        **of, id=uuid4(), name="Daily", every="day", hour=5, split_by="day", report=None
    )
    now = datetime.now(UTC)
    times = {"created_at": now, "ended_at": now, "expires_at": now + timedelta(days=7)}
    export = Export(
        **{**of, **times, "id": uuid4(), "schedule_id": schedule.id},
        status=str(ExportStatus.done),
        is_told=True,
    )
    async with centre.sessions.begin() as session:
        session.add(schedule)
        await session.flush()
        session.add(export)
    erasing = Erasing(centre.sessions, create_store(centre.settings.media), centre.conversations)
    while (await erasing.go_on(erasure.id)).status != ErasureStatus.histories:
        pass
    async with centre.sessions() as session:
        anew = await session.get_one(Export, export.id)
    assert anew.status == ExportStatus.waiting
    run = await centre.client.get_workflow_handle(workflow_id(export.id)).describe()
    assert run.workflow_type == WORKFLOW
