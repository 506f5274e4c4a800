"""Builds the Temporal workers of a process: conversations, and their sends."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    UnsandboxedWorkflowRunner,
    Worker,
    WorkerDeploymentConfig,
    WorkflowRunner,
)
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.asking import AskingBots
from activities.batches import Batches
from activities.choice import Choices
from activities.endpoints import Deliveries
from activities.erasing import Erasing
from activities.exports import Exports
from activities.journal import Journal
from activities.language import Languages
from activities.maintenance import Maintenance
from activities.quiet_hours import QuietHours
from activities.reading import Answers
from activities.sending import Sending
from database.engine import Sessions
from languages.recognition import Recogniser
from measuring.meters import Meters
from measuring.spans import Spans
from media.opening import create_store
from outgoing.bots import BotAsker
from outgoing.endpoints import AT_ONCE_MOST
from outgoing.signed_posts import SignedPosts
from outgoing.time_outs import TimeOuts
from routing.router import Router
from security.endpoint_secrets import SigningSecrets
from settings import Settings
from temporal.conversations import ConversationClient
from temporal.versions import DEPLOYMENT
from tracing.trace import Trace
from workers.parts import create_sender, keyring_of
from workflows.batches.workflow import BatchSliceWorkflow, BatchWorkflow
from workflows.conversation.messages import CONVERSATIONS_QUEUE, bots_queue, sending_queue
from workflows.conversation.workflow import ConversationWorkflow
from workflows.endpoints.messages import endpoints_queue
from workflows.endpoints.workflow import EndpointWorkflow
from workflows.erasure.workflow import ErasureWorkflow
from workflows.exports.workflow import ExportWorkflow, ScheduledExportWorkflow
from workflows.maintenance.workflow import MaintenanceWorkflow

STICKY_TIMEOUT = timedelta(seconds=2)
"""How long a conversation waits for the worker that held it and may have died. Ours: the default of
10 s would be felt by an agent whose reply waits.
"""
GRACE = timedelta(seconds=20)
"""How long a stopping worker lets running sends finish. Ours: as long as one text takes at most."""
CONVERSATIONS_PER_CORE = 5
FEWEST_CONVERSATIONS = 4
"""Conversations worked on at once. Ours: more would wait inside the worker for a core and the
database until Temporal believes them lost. In Temporal's queue their texts gather meanwhile, and
are then taken as one step.
"""

WORKFLOWS = (
    ConversationWorkflow,
    MaintenanceWorkflow,
    BatchWorkflow,
    BatchSliceWorkflow,
    ErasureWorkflow,
    ExportWorkflow,
    ScheduledExportWorkflow,
)
"""What runs on the queue of conversations; endpoints have a queue of their own."""
BOTS_AT_ONCE = 100
"""Bots asked at once. Ours: each waits for seconds and costs next to nothing meanwhile."""


@dataclass(frozen=True)
class Workers:
    """The Temporal workers of a process: conversations, sends and, beside them, endpoints, bots."""

    conversations: Worker
    sending: Worker
    beside: Sequence[Worker] = ()

    async def run(self) -> None:
        """Run all until cancelled, or until one of them fails."""
        async with asyncio.TaskGroup() as group:
            for worker in self._all:
                group.create_task(worker.run())

    @property
    def are_polling(self) -> bool:
        """Whether all of them take work."""
        return all(worker.is_running and not worker.is_shutdown for worker in self._all)

    async def stop(self) -> None:
        """Finish the running work, and return open conversations to Temporal."""
        await asyncio.gather(*(worker.shutdown() for worker in self._all))

    @property
    def _all(self) -> Sequence[Worker]:
        return (self.conversations, self.sending, *self.beside)


def create_workers(
    settings: Settings,
    client: Client,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    *,
    task_queue: str = CONVERSATIONS_QUEUE,
    time_outs: TimeOuts | None = None,
    recogniser: Recogniser | None = None,
    router: Router | None = None,
    maintenance: Maintenance | None = None,
    deliveries: Deliveries | None = None,
    exports: Exports | None = None,
    posts: SignedPosts | None = None,
    trace: Trace | None = None,
    meters: Meters | None = None,
) -> Workers:
    """Build the workers; nothing runs yet. `router`: chooses at once when a wait begins.

    `posts`: asks bots; without it, none is asked.
    """
    meters = meters or Meters()
    local = _within_tasks(sessions, recogniser or Recogniser(), router, meters.spans)
    sender = create_sender(settings, sessions, http, time_outs, trace=trace, meters=meters)
    if maintenance:
        local += [maintenance.watch, maintenance.tidy, maintenance.catch_up, maintenance.retain]
    if exports:
        local += [exports.make_parts, exports.begin_scheduled]
        local += [exports.deliver_scheduled, exports.give_up_scheduled]
    local.append(Batches(sessions).write_recipients)
    conversations = ConversationClient(client, task_queue)
    local.append(Erasing(sessions, create_store(settings.media), conversations).erase)
    return Workers(
        _conversations(settings, client, sessions, task_queue, local),
        _sends(settings, client, task_queue, Sending(sender, meters.spans)),
        [
            *([_endpoints(settings, client, task_queue, deliveries)] if deliveries else []),
            *([_bots(settings, client, sessions, task_queue, posts)] if posts else []),
        ],
    )


def _sends(settings: Settings, client: Client, task_queue: str, sending: Sending) -> Worker:
    return Worker(
        client,
        task_queue=sending_queue(task_queue),
        activities=[sending.send],
        graceful_shutdown_timeout=GRACE,
        deployment_config=_deployment(settings),
    )


def _bots(
    settings: Settings, client: Client, sessions: Sessions, task_queue: str, posts: SignedPosts
) -> Worker:
    asking = AskingBots(sessions, BotAsker(posts, SigningSecrets(keyring_of(settings))))
    return Worker(
        client,
        task_queue=bots_queue(task_queue),
        activities=[asking.ask],
        max_concurrent_activities=BOTS_AT_ONCE,
        graceful_shutdown_timeout=GRACE,
        deployment_config=_deployment(settings),
    )


def _endpoints(
    settings: Settings, client: Client, task_queue: str, deliveries: Deliveries
) -> Worker:
    return Worker(
        client,
        task_queue=endpoints_queue(task_queue),
        workflows=[EndpointWorkflow],
        activities=[deliveries.deliver],
        workflow_runner=_runner(settings),
        max_concurrent_activities=AT_ONCE_MOST,
        graceful_shutdown_timeout=GRACE,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        deployment_config=_deployment(settings),
    )


def _conversations(
    settings: Settings,
    client: Client,
    sessions: Sessions,
    task_queue: str,
    activities: Sequence[Callable[..., Any]],
) -> Worker:
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=activities,
        workflow_runner=_runner(settings),
        max_concurrent_workflow_tasks=conversations_at_once(),
        # More would only wait for connections; sends, router and sweepers use others.
        max_concurrent_local_activities=sessions.direct.size,
        max_cached_workflows=settings.temporal.worker_cached_conversations,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        deployment_config=_deployment(settings),
    )


def _within_tasks(
    sessions: Sessions, recogniser: Recogniser, router: Router | None, spans: Spans
) -> list[Callable[..., Any]]:
    """Return the local activities, which run within workflow tasks."""
    journal, answers = Journal(sessions, recogniser, spans=spans), Answers(sessions)
    choices, languages = Choices(sessions, router), Languages(sessions, recogniser)
    of_the_journal = (journal.journal, journal.look, journal.load_opening, journal.load_policy)
    others = (choices.choose, languages.recognise, answers.read_answer)
    return [*of_the_journal, *others, QuietHours(sessions).quiet_hours]


def conversations_at_once() -> int:
    """Return how many conversations a worker on this machine works on at once."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(FEWEST_CONVERSATIONS, CONVERSATIONS_PER_CORE * (cores or 1))


def _runner(settings: Settings) -> WorkflowRunner:
    if settings.temporal.worker_sandbox:
        return SandboxedWorkflowRunner()
    return UnsandboxedWorkflowRunner()


def _deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """Pin open conversations to the code they began with, if workers have versions."""
    build = settings.build_id
    if build is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )
