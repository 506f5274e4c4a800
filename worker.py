"""The worker process: carries conversations out, sends texts, routes, sweeps, asks providers.

`switchboard worker`, or `python worker.py`. As many of them as wanted may run.
"""

import asyncio
import signal
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
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

from activities.journal import Journal
from activities.sending import Sending
from database.engine import Sessions, opened
from intake.sweeper import Sweeper
from languages.recognition import Recogniser
from logs import configure
from outgoing.connectors import Connectors
from outgoing.handover import Handover
from outgoing.patience import Patience
from outgoing.questions import Questions
from providers.registry import create_providers
from providers.secrets import Keyring, SecretBox
from routing.releases import Releases
from routing.reviving import Reviving
from routing.router import Router
from routing.waits import Waits
from routing.watches import Watches
from settings import Settings
from workflows.client import connect
from workflows.conversation import ConversationWorkflow
from workflows.conversations import Conversations
from workflows.messages import CONVERSATIONS_QUEUE, sending_queue
from workflows.search_attributes import register

log = structlog.get_logger()

STICKY_TIMEOUT = timedelta(seconds=2)
"""How long a conversation waits for the worker that held it and may have died (default 10 s)."""
GRACE = timedelta(seconds=20)
"""What a stopping worker gives the sends that are under way."""
CONNECT_PAUSE = 2.0
CONVERSATIONS_AT_ONCE = 30
"""More would wait inside the worker for the database; in Temporal's queue meanwhile their texts
gather, and are taken as one step.
"""


@dataclass(frozen=True)
class Workers:
    """The two Temporal workers of a process: conversations, and their sends."""

    conversations: Worker
    sending: Worker

    async def run(self) -> None:
        """Run both until cancelled, or until one of them fails for good."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.conversations.run())
            group.create_task(self.sending.run())

    async def stop(self) -> None:
        """Let what is under way finish, and hand open conversations back to Temporal."""
        await asyncio.gather(self.conversations.shutdown(), self.sending.shutdown())


def main() -> None:
    """Work until SIGTERM or SIGINT. Configured by the environment."""
    settings = Settings()
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
        recogniser = Recogniser()
        conversations = Conversations(client)
        reviving = Reviving(sessions, conversations)
        router = Router(sessions, conversations, reviving, url)
        workers = create_workers(
            settings, client, sessions, http, recogniser=recogniser, router=router
        )
        log.info("worker_started")
        preparing = asyncio.create_task(recogniser.prepare())
        await _until_stopped(
            workers,
            router.run(),
            Waits(sessions).run(),
            Releases(sessions, conversations, reviving).run(),
            Watches(sessions, conversations, reviving).run(),
            Sweeper(sessions, conversations, url).run(),
            create_questions(settings, sessions, http, conversations).run(),
        )
        preparing.cancel()
        log.info("worker_stopped")


async def _connected(settings: Settings) -> Client:
    """Connect to Temporal, however long it takes to come up, and prepare it."""
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    while True:
        try:
            client: Client = await connect(keyring.payload_cipher())
            await register(client)
        except (RPCError, RuntimeError) as error:
            log.warning("temporal_not_ready", error=type(error).__name__)
            await asyncio.sleep(CONNECT_PAUSE)
        else:
            return client


async def _until_stopped(workers: Workers, *tasks: Coroutine[Any, Any, None]) -> None:
    """Run everything until a signal asks to stop; a part that fails ends the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    working = asyncio.create_task(workers.run())
    beside = [asyncio.create_task(task) for task in tasks]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping, *beside], return_when=asyncio.FIRST_COMPLETED)
    if not working.done():
        await workers.stop()
    for task in (*beside, stopping):
        task.cancel()
    ended = await asyncio.gather(working, *beside, return_exceptions=True)
    for failure in ended:
        if isinstance(failure, Exception):
            raise failure


def create_workers(
    settings: Settings,
    client: Client,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    *,
    task_queue: str = CONVERSATIONS_QUEUE,
    patience: Patience | None = None,
    recogniser: Recogniser | None = None,
    router: Router | None = None,
) -> Workers:
    """Build the workers; nothing runs yet. `router`: chooses at once for who begins to wait."""
    journal = Journal(sessions, recogniser or Recogniser(), router=router)
    sending = create_sending(settings, sessions, http, patience or Patience())
    conversations = Worker(
        client,
        task_queue=task_queue,
        workflows=[ConversationWorkflow],
        activities=[journal.journal, journal.look, journal.load_opening, journal.load_policy],
        workflow_runner=_runner(settings),
        max_concurrent_workflow_tasks=CONVERSATIONS_AT_ONCE,
        # More would only wait for each other; sends, router and sweepers use other connections.
        max_concurrent_local_activities=sessions.direct.size,
        max_cached_workflows=settings.temporal.worker_cached_conversations,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        deployment_config=_deployment(settings),
    )
    return Workers(
        conversations,
        Worker(
            client,
            task_queue=sending_queue(task_queue),
            activities=[sending.send],
            graceful_shutdown_timeout=GRACE,
            deployment_config=_deployment(settings),
        ),
    )


def _runner(settings: Settings) -> WorkflowRunner:
    if settings.temporal.worker_sandbox:
        return SandboxedWorkflowRunner()
    return UnsandboxedWorkflowRunner()


def create_sending(
    settings: Settings, sessions: Sessions, http: httpx2.AsyncClient, patience: Patience
) -> Sending:
    """Build the activity that hands texts to providers."""
    connectors = _connectors(settings, http)
    return Sending(sessions, connectors, _handover(settings, sessions, patience), patience)


def create_questions(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    conversations: Conversations,
    patience: Patience | None = None,
) -> Questions:
    """Build the task that asks providers what became of texts."""
    patience = patience or Patience()
    handover = _handover(settings, sessions, patience)
    return Questions(sessions, _connectors(settings, http), handover, conversations, patience)


def _connectors(settings: Settings, http: httpx2.AsyncClient) -> Connectors:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    return Connectors(create_providers(http), SecretBox(keyring))


def _handover(settings: Settings, sessions: Sessions, patience: Patience) -> Handover:
    return Handover(sessions, settings.web.public_base_url.rstrip("/"), patience)


def _deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """Pin open conversations to the code they began with, where versions are told apart."""
    build = settings.temporal.worker_build_id
    if build is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name="switchboard", build_id=build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


if __name__ == "__main__":
    from cli.main import app

    app(["worker"])  # the same as `switchboard worker`: bad settings are told in sentences
