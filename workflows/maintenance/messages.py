"""The maintenance jobs: names, schedules, and what operators read about them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

WORKFLOW = "Maintenance"


class Job(StrEnum):
    """A maintenance job; its activity has the same name."""

    watches = "watches"
    housekeeping = "housekeeping"


class MaintenanceRequest(BaseModel):
    """The job that a run does."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    job: Job


@dataclass(frozen=True)
class Plan:
    """How often a job runs, and how long it may take."""

    job: Job
    every: timedelta
    within: timedelta
    says: str

    @property
    def schedule_id(self) -> str:
        return f"maintenance/{self.job}"


PLANS = (
    Plan(
        Job.watches,
        every=timedelta(minutes=2),
        within=timedelta(minutes=2),
        says="Finds conversations and workflows that do not match, texts that were not taken and "
        "deadlines that were missed, and repairs them.",
    ),
    Plan(
        Job.housekeeping,
        every=timedelta(hours=1),
        within=timedelta(minutes=10),
        says="Deletes expired log-ins, answers kept for idempotency keys, files that no text "
        "names, and old exchanges with providers.",
    ),
)
"""The times are ours (ADR 0019). A run costs 4 billable actions of Temporal Cloud: two for the
schedule, one for the start of the workflow, and one for the activity. So an idle installation pays
for 2,976 actions a day.
"""
