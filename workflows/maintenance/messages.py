"""The maintenance jobs: names, schedules, and what operators read about them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

WORKFLOW = "Maintenance"
ALIVE_WITHIN = timedelta(seconds=30)
"""A worker that is silent for longer has died, and its job is done again. Ours: no other run begins
until then.
"""
CATCH_UP_SCHEDULES = "maintenance/catch_up/"
"""The ids of schedules that are made for each connector begin with this."""


class Job(StrEnum):
    """A maintenance job; its activity has the same name."""

    watches = "watches"
    housekeeping = "housekeeping"
    catch_up = "catch_up"
    retention = "retention"


class MaintenanceRequest(BaseModel):
    """The job that a run does. `connector_id`: for which connector, if it is done for each."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    job: Job
    connector_id: str | None = None


@dataclass(frozen=True)
class Plan:
    """How often a job runs, and how long it may take."""

    job: Job
    every: timedelta
    within: timedelta
    says: str
    connector_id: str | None = None
    """For which connector, if the job is done for each."""

    @property
    def schedule_id(self) -> str:
        if self.connector_id is None:
            return f"maintenance/{self.job}"
        return CATCH_UP_SCHEDULES + self.connector_id

    @property
    def request(self) -> MaintenanceRequest:
        return MaintenanceRequest(job=self.job, connector_id=self.connector_id)


def catch_up_plan(connector_id: str) -> Plan:
    """Return the plan for comparing one connector's lines with its provider's list of texts.

    Every 10 minutes, which is ours: 576 actions a day for a connector. A text that no webhook
    brought is with an agent after 12 minutes at the latest, while its consumer may still wait.
    """
    return Plan(
        Job.catch_up,
        every=timedelta(minutes=10),
        within=timedelta(minutes=5),
        says="Fetches texts that the provider has and no webhook brought.",
        connector_id=connector_id,
    )


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
        "names, exports that are over, old drafts, and old exchanges with providers and endpoints.",
    ),
    Plan(
        Job.retention,
        every=timedelta(hours=6),
        within=timedelta(minutes=10),
        says="Forgets the content of conversations that accounts and skills keep no longer.",
    ),
)
"""The times are ours (ADR 0019). A run costs 4 billable actions of Temporal Cloud: two for the
schedule, one for the start of the workflow, and one for the activity; one more for every 24 s that
a job takes. So an idle installation pays
for 2,992 actions a day. `catch_up_plan` adds to that for each connector.
"""


def plan_of(request: MaintenanceRequest) -> Plan:
    """Return the plan that a run belongs to."""
    if request.connector_id is not None:
        return catch_up_plan(request.connector_id)
    return next(plan for plan in PLANS if plan.job is request.job)
