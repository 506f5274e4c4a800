"""A process's heartbeat: every few seconds it writes that it is there, and what it is."""

import asyncio
import importlib.metadata
import os
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self as Same
from uuid import uuid4

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.operating import processes
from database.queries.operating.processes import BEAT_SECONDS, ProcessKind, Self
from database.schema import known_revision
from security.secrets import Keyring

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Heartbeat:
    """Writes that a process is there, for the status page of operators."""

    sessions: Sessions
    own: Self

    @classmethod
    def create(
        cls,
        sessions: Sessions,
        kind: ProcessKind,
        name: str | None,
        keyring: Keyring,
        build_id: str | None = None,
    ) -> Same:
        """Return the heartbeat of this process. `name`: as it was given; None: the machine's."""
        host = socket.gethostname()
        own = Self(
            id=uuid4(),
            kind=kind,
            name=name or host,
            identity=f"{os.getpid()}@{host}",
            version=importlib.metadata.version("switchboard"),
            build_id=build_id,
            schema_revision=known_revision(),
            started=time.monotonic(),
            key_marks=keyring.marks,
        )
        return cls(sessions, own)

    async def run(self) -> None:
        """Beat until cancelled; a process that ends by itself leaves nothing behind."""
        try:
            while True:
                await self._beat()
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            with suppress(*NOT_DONE):
                await processes.end(self.sessions.direct, self.own.id)

    async def _beat(self) -> None:
        try:
            await processes.beat(self.sessions.direct, self.own, datetime.now(UTC))
        except NOT_DONE as error:
            log.warning("heartbeat_not_written", error=type(error).__name__)
