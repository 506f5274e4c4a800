"""The jobs that run by schedule: names, and what operators read about them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

WORKFLOW = "Maintenance"


class Job(StrEnum):
    """A job of maintenance. The activity that does it has the same name."""

    watches = "watches"
    housekeeping = "housekeeping"


class MaintenanceRequest(BaseModel):
    """Which job to do."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    job: Job


@dataclass(frozen=True)
class Plan:
    """When a job runs, and how long it may take."""

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
        every=timedelta(minutes=5),
        within=timedelta(minutes=4),
        says="Finds conversations and workflows that do not match, texts nobody took and deadlines "
        "that passed, and has them healed.",
    ),
    Plan(
        Job.housekeeping,
        every=timedelta(hours=1),
        within=timedelta(minutes=10),
        says="Deletes expired log-ins and answers kept for idempotency keys.",
    ),
)
"""A run costs 4 billable actions of Temporal Cloud: two of the schedule, the workflow's start, and
the activity. Together an idle installation pays for 1,248 a day.
"""
