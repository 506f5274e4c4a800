"""The worker process: carries conversations out, sends texts, routes, sweeps.

`switchboard worker`, or `python worker.py`. As many of them as wanted may run.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import structlog
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.journal import Journal
from activities.sending import Patience, Sending
from database.engine import Sessions
from database.secrets import Keyring, SecretBox
from providers.registry import create_providers
from settings import Settings
from workflows.conversation import ConversationWorkflow
from workflows.messages import CONVERSATIONS_QUEUE, sending_queue

log = structlog.get_logger()

STICKY_TIMEOUT = timedelta(seconds=2)
"""How long a conversation waits for the worker that held it and may have died (default 10 s)."""
GRACE = timedelta(seconds=20)
"""What a stopping worker gives the sends that are under way."""
CONNECT_PAUSE = 2.0


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


def create_workers(
    settings: Settings,
    client: Client,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    *,
    task_queue: str = CONVERSATIONS_QUEUE,
    patience: Patience | None = None,
) -> Workers:
    """Build the workers; nothing runs yet."""
    journal = Journal(sessions)
    sending = create_sending(settings, sessions, http, patience or Patience())
    conversations = Worker(
        client,
        task_queue=task_queue,
        workflows=[ConversationWorkflow],
        activities=[journal.journal, journal.load_opening, journal.load_policy],
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


def create_sending(
    settings: Settings, sessions: Sessions, http: httpx2.AsyncClient, patience: Patience
) -> Sending:
    """Build the activity that hands texts to providers."""
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    return Sending(
        sessions,
        create_providers(http),
        SecretBox(keyring),
        settings.web.public_base_url.rstrip("/"),
        patience,
    )


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
