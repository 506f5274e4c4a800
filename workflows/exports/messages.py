"""What the workflows of exports are given and return: ids and counts, never what is exported."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

WORKFLOW = "Export"
SCHEDULED_WORKFLOW = "ScheduledExport"
MAKE_PARTS = "make_export_parts"
BEGIN_SCHEDULED = "begin_scheduled_export"
DELIVER_SCHEDULED = "deliver_scheduled_export"
GIVE_UP_SCHEDULED = "give_up_scheduled_export"


def workflow_id(export_id: UUID) -> str:
    """Return the id of an export's workflow."""
    return f"export/{export_id}"


class Message(BaseModel):
    """Fields may be added; unknown ones are ignored, so that versions can work together."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ExportRun(Message):
    """A run of an export's workflow."""

    export_id: UUID


class ScheduledRun(Message):
    """A run of a schedule. `due_at`: None: when it was due by Temporal's schedule."""

    schedule_id: UUID
    due_at: datetime | None = None
