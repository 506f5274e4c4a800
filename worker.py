"""The worker process: runs conversations, sends texts, routes, sweeps, and asks providers.

Start it with `switchboard worker` or `python worker.py`. Any number of them may run.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
import structlog
import uvloop
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError
from temporalio.worker import (
    UnsandboxedWorkflowRunner,
    Worker,
    WorkerDeploymentConfig,
    WorkflowRunner,
)
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.choice import Choices
from activities.contract import SEND
from activities.journal import Journal
from activities.language import Languages
from activities.maintenance import Maintenance
from activities.quiet_hours import QuietHours
from activities.reading import Answers
from activities.sending import Sending
from database.engine import Sessions, opened
from ingress.catching_up import connectors_in_use
from ingress.creation import create_catching_up, create_files
from ingress.sweeper import Sweeper
from languages.recognition import Recogniser
from media.opening import create_store
from outgoing.connectors import Connectors
from outgoing.holds import Holds
from outgoing.lookups import Lookups
from outgoing.sender import Sender
from outgoing.standalone import Standalone
from outgoing.submission import Submission
from outgoing.time_outs import TimeOuts
from outgoing.waking import Waking
from providers.registry import create_providers
from routing.opt_outs import OptOuts
from routing.releases import Releases
from routing.reviving import Reviving
from routing.router import Router
from routing.waits import Waits
from routing.watches import Watches
from runtime.configuration import load_settings
from runtime.logs import configure
from runtime.pauses import spare_what_stays
from runtime.tasks import end, error_kind, keep_running
from runtime.vitals import Vitals, database_vital, serve, temporal_vital
from security.links import FileLinks
from security.secrets import Keyring, Purpose, SecretBox
from settings import Settings
from temporal.connection import connect
from temporal.conversations import ConversationClient
from temporal.retries import retry_now
from tracing.trace import Trace
from workflows.conversation.messages import CONVERSATIONS_QUEUE, sending_queue
from workflows.conversation.workflow import ConversationWorkflow
from workflows.maintenance.schedules import keep_catching_up, keep_scheduled
from workflows.maintenance.workflow import MaintenanceWorkflow
from workflows.search_attributes import register

log = structlog.get_logger()

STICKY_TIMEOUT = timedelta(seconds=2)
"""How long a conversation waits for the worker that held it and may have died. Ours: the default of
10 s would be felt by an agent whose reply waits.
"""
GRACE = timedelta(seconds=20)
"""How long a stopping worker lets running sends finish. Ours: as long as one text takes at most."""
CONNECT_PAUSE = 2.0
"""Ours: seconds between two attempts to reach Temporal."""
CONNECT_SECONDS = 20.0
"""Ours: seconds of one attempt, above the time a starting Temporal takes to answer."""
CONVERSATIONS_PER_CORE = 5
FEWEST_CONVERSATIONS = 4
"""Conversations worked on at once. Ours: more would wait inside the worker for a core and the
database until Temporal believes them lost. In Temporal's queue their texts gather meanwhile, and
are then taken as one step.
"""

Tasks = Mapping[str, Callable[[], Awaitable[None]]]


@dataclass(frozen=True)
class Workers:
    """The two Temporal workers of a process: conversations, and their sends."""

    conversations: Worker
    sending: Worker

    async def run(self) -> None:
        """Run both until cancelled, or until one of them fails."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.conversations.run())
            group.create_task(self.sending.run())

    async def stop(self) -> None:
        """Finish the running work, and return open conversations to Temporal."""
        await asyncio.gather(self.conversations.shutdown(), self.sending.shutdown())


def main(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    configure(settings.log)
    uvloop.run(work(settings))


async def work(settings: Settings) -> None:
    """Run everything a worker process does: conversations, sends, router, sweepers."""
    url = str(settings.database.database_url)
    pool = settings.database.database_pool_size
    async with (
        opened(url, pool_size=pool, name="switchboard-worker") as sessions,
        httpx2.AsyncClient() as http,
    ):
        client = await _connected(settings)
        recogniser, conversations = Recogniser(), ConversationClient(client)
        reviving = Reviving(sessions, conversations)
        trace = Trace(sessions)
        router = Router(sessions, conversations, reviving, url)
        workers = create_workers(
            settings,
            client,
            sessions,
            http,
            recogniser=recogniser,
            router=router,
            maintenance=_maintenance(settings, sessions, http, reviving, trace),
            trace=trace,
        )
        preparing = asyncio.create_task(_prepare(recogniser))
        tasks: Tasks = {
            "router": router.run,
            "waits": Waits(sessions).run,
            "releases": Releases(sessions, conversations, reviving).run,
            "opt_outs": OptOuts(sessions, conversations, reviving, url).run,
            "sweeper": Sweeper(sessions, conversations, url).run,
            **_of_providers(settings, sessions, http, conversations, trace),
            "waking": Waking(sessions, partial(retry_now, client, SEND)).run,
            "trace": trace.run,
            **_schedules(client, sessions, http),
            **_health(settings, sessions, client),
        }
        log.info("worker_started")
        await _until_stopped(workers, tasks)
        preparing.cancel()
        log.info("worker_stopped")


def _of_providers(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    conversations: ConversationClient,
    trace: Trace,
) -> Tasks:
    """Return the tasks that call providers."""
    sender = create_sender(settings, sessions, http, trace=trace)
    store, secrets = create_store(settings.media), SecretBox(_keyring(settings))
    return {
        "standalone": Standalone(sessions, sender).run,
        "lookups": create_lookups(settings, sessions, http, conversations, trace=trace).run,
        "files": create_files(sessions, http, secrets, store, trace).run,
    }


def _maintenance(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    reviving: Reviving,
    trace: Trace,
) -> Maintenance:
    return Maintenance(
        sessions,
        Watches(sessions, reviving.conversations, reviving),
        create_store(settings.media),
        create_catching_up(sessions, http, SecretBox(_keyring(settings)), trace),
        timedelta(days=settings.trace.trace_days),
    )


def _schedules(client: Client, sessions: Sessions, http: httpx2.AsyncClient) -> Tasks:
    """Return the tasks that keep Temporal's schedules: of the installation, of connectors."""
    in_use = partial(connectors_in_use, sessions, create_providers(http))
    return {
        "schedules": partial(keep_scheduled, client, CONVERSATIONS_QUEUE),
        "catch_up_schedules": partial(keep_catching_up, client, CONVERSATIONS_QUEUE, in_use),
    }


async def _prepare(recogniser: Recogniser) -> None:
    """Load what the first texts need, then exclude all lasting objects from garbage collection."""
    await recogniser.prepare()
    spare_what_stays()


def _health(settings: Settings, sessions: Sessions, client: Client) -> Tasks:
    """Return the tasks that watch this process's health, and serve it if a port is set."""
    url, web = str(settings.database.database_url), settings.worker_health

    async def new_client() -> Client:
        return await connect(_keyring(settings).payload_cipher())

    vitals = Vitals([database_vital(sessions, url), temporal_vital(client, new_client)])
    if web.worker_health_port is None:
        return {"vitals": vitals.watch}
    port = web.worker_health_port
    return {
        "vitals": vitals.watch,
        "health": lambda: serve(vitals, web.worker_health_host, port),
    }


def _keyring(settings: Settings) -> Keyring:
    return Keyring.parse(settings.security.encryption_keys.get_secret_value())


async def _connected(settings: Settings) -> Client:
    """Connect to Temporal, waiting until it is up, and register its search attributes."""
    while True:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                client: Client = await connect(_keyring(settings).payload_cipher())
                await register(client)
        except (RPCError, RuntimeError, TimeoutError) as error:
            log.warning("temporal_not_ready", error=type(error).__name__)
            await asyncio.sleep(CONNECT_PAUSE)
        else:
            return client


async def _until_stopped(workers: Workers, tasks: Tasks) -> None:
    """Run everything until a signal asks to stop. A failing Temporal worker ends the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    working = asyncio.create_task(workers.run())
    beside = [asyncio.create_task(keep_running(name, run)) for name, run in tasks.items()]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not working.done():
        await workers.stop()
    stopping.cancel()
    await end(*beside)
    (ended,) = await asyncio.gather(working, return_exceptions=True)
    if isinstance(ended, Exception):
        log.error("worker_failed", error=error_kind(ended))
        raise ended


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
    trace: Trace | None = None,
) -> Workers:
    """Build the workers; nothing runs yet. `router`: chooses at once when a wait begins."""
    local = _within_tasks(sessions, recogniser or Recogniser(), router)
    sending = Sending(create_sender(settings, sessions, http, time_outs, trace=trace))
    if maintenance:
        local += [maintenance.watch, maintenance.tidy, maintenance.catch_up]
    return Workers(
        _conversations(settings, client, sessions, task_queue, local),
        Worker(
            client,
            task_queue=sending_queue(task_queue),
            activities=[sending.send],
            graceful_shutdown_timeout=GRACE,
            deployment_config=_deployment(settings),
        ),
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
        workflows=[ConversationWorkflow, MaintenanceWorkflow],
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
    sessions: Sessions, recogniser: Recogniser, router: Router | None
) -> list[Callable[..., Any]]:
    """Return the local activities, which run within workflow tasks."""
    journal, answers = Journal(sessions, recogniser), Answers(sessions)
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


def create_sender(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    time_outs: TimeOuts | None = None,
    *,
    trace: Trace | None = None,
) -> Sender:
    """Build the sender, which hands texts to providers. `trace`: keeps what was said to them."""
    time_outs = time_outs or TimeOuts()
    connectors = _connectors(settings, http)
    submission = _submission(settings, sessions, time_outs, trace)
    return Sender(sessions, connectors, submission, Holds(sessions), time_outs)


def create_lookups(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    conversations: ConversationClient,
    time_outs: TimeOuts | None = None,
    *,
    trace: Trace | None = None,
) -> Lookups:
    """Build the task that asks providers for the status of texts."""
    time_outs = time_outs or TimeOuts()
    submission = _submission(settings, sessions, time_outs, trace)
    return Lookups(sessions, _connectors(settings, http), submission, conversations, time_outs)


def _connectors(settings: Settings, http: httpx2.AsyncClient) -> Connectors:
    return Connectors(create_providers(http), SecretBox(_keyring(settings)))


def _submission(
    settings: Settings, sessions: Sessions, time_outs: TimeOuts, trace: Trace | None
) -> Submission:
    base = settings.web.public_base_url.rstrip("/")
    links = FileLinks(base, _keyring(settings).signing_keys(Purpose.file_links))
    return Submission(sessions, base, time_outs, links, trace or Trace(sessions))


def _deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """Pin open conversations to the code they began with, if a build id is set."""
    build = settings.temporal.worker_build_id
    if build is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name="switchboard", build_id=build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


if __name__ == "__main__":
    main(load_settings())
