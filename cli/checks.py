"""What `switchboard doctor` checks of an installation, each with a sentence when it is wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
from cryptography.fernet import InvalidToken
from temporalio.client import Client
from temporalio.service import RPCError

from cli import complaints
from cli.session import require_ours
from database import schema
from database.clock import database_time
from database.direct import Direct
from database.engine import Sessions
from database.queries import zones
from database.queries.installation import (
    connections,
    locks,
    sealed,
    statement_limit,
    suppressed,
)
from database.queries.ties import Tie
from database.server import Server
from domain.errors import Unavailable
from security.secrets import Keyring, Purpose
from services.backends import Backends
from settings import UNVERSIONED, Settings
from temporal.clock import temporal_time
from temporal.conversations import ConversationClient
from temporal.versions import Versions
from workflows.search_attributes import missing

CLOCKS_APART = timedelta(seconds=5)
"""Ours: more than a call takes on a busy machine, less than the shortest deadline."""
REACH_SECONDS = 10.0
MOST_USED = 0.9
"""Of PostgreSQL's connections. Ours: the rest is one process's pool."""
MONTHS_FOR_EACH = 8
"""Tables and indexes of months for each lock of PostgreSQL's setting. Ours: a quarter of its
connections may then read all months at once, and a connection takes two entries in its table.
"""
BESIDE_POOL = 7
"""Connections of a process beside its pool: an API's four for streams and two that listen, or a
worker's six that listen, and one of a health probe.
"""


@dataclass(frozen=True)
class Found:
    """The result of a check. `trouble`: what is wrong and what to do, in lines."""

    told: str
    trouble: str | None = None


@dataclass(frozen=True)
class Installed:
    """What is examined."""

    settings: Settings
    opened: Sessions | Exception
    """The database, or the error with which it does not answer: it is waited for once."""
    connected: ConversationClient | None
    """None: Temporal did not answer."""

    @property
    def sessions(self) -> Sessions:
        """Return the database. Raises why it does not answer."""
        if isinstance(self.opened, Exception):
            raise self.opened
        return self.opened

    @property
    def direct(self) -> Direct:
        return self.sessions.direct

    @property
    def conversations(self) -> ConversationClient:
        """Return what reaches workflows. Raises `Unavailable`."""
        if self.connected is None:
            raise Unavailable
        return self.connected

    @property
    def client(self) -> Client:
        """Return the client of Temporal. Raises `Unavailable`."""
        return self.conversations.client

    @property
    def backends(self) -> Backends:
        """Return both servers. Raises `Unavailable`."""
        return Backends(self.sessions, self.conversations)


@dataclass(frozen=True)
class Checks:
    """The checks of an installation. Each raises what its service raises when it is away."""

    at: Installed

    async def namespace(self) -> Found:
        # Raises `ForeignNamespace` where nothing may be looked at.
        tied = await require_ours(self.at.sessions, self.at.conversations)
        return of_namespace(self.at.client.namespace, *tied)

    async def migrations(self) -> Found:
        # Raises `SchemaUnfit` where nothing could be counted.
        _ = self.at.sessions
        found = await asyncio.to_thread(schema.read, self.at.settings.database.url)
        schema.check(found)
        is_newest = found.revision == schema.revisions()[-1]
        return Found("up to date" if is_newest else "newer than this version")

    async def search_attributes(self) -> Found:
        try:
            lacking = await missing(self.at.client)
        except RPCError as error:
            raise Unavailable from error
        except RuntimeError as error:  # one is of another type
            return Found("unusable", str(error))
        trouble = f"{', '.join(lacking)}: start a worker with the right to add them."
        return Found(_count(len(lacking)), trouble if lacking else None)

    async def version(self) -> Found:
        versions = Versions(self.at.client, self.at.conversations.task_queue)
        current, at_work = await versions.current(), await versions.at_work()
        told = current or "none: workers have no versions"
        others = sorted({*filter(None, at_work)} - {current})
        if current in at_work:
            return Found(told, _beside(current, at_work, others))
        if None in at_work:
            trouble = (
                "None of its workers runs, and those without a version get no conversations: if "
                f"they are to have them, switchboard make-current {UNVERSIONED}."
            )
            return Found(told, trouble)
        trouble = "None of its workers runs: start one" + (
            f", or: switchboard make-current {others[0]}." if others else "."
        )
        return Found(told, trouble)

    async def processes(self) -> Found:
        # As the status page does: Temporal names a worker for minutes after it has stopped.
        found = await complaints.look(self.at.sessions, self.at.connected)
        heard = [one for one in found.seen if one.is_heard]
        workers = sum(one.is_worker for one in heard)
        told = f"{_count(workers)} of workers, {_count(len(heard) - workers)} of the API"
        return Found(told, "\n".join(complaints.told(found)) or None)

    async def public_address(self) -> Found:
        url = self.at.settings.web.public_base_url.rstrip("/")
        try:
            async with httpx2.AsyncClient(timeout=REACH_SECONDS) as http:
                answer = await http.get(f"{url}/health/live")
            told = "reached" if answer.is_success else f"answers {answer.status_code}"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            told = f"not reached: {type(error).__name__}"
        trouble = f"Providers post to {url}: look at its name, proxy and API."
        return Found(told, None if told == "reached" else trouble)

    async def clock_of_database(self) -> Found:
        return await _clock("PostgreSQL", lambda: database_time(self.at.direct.fetch_one))

    async def time_zones(self) -> Found:
        async with self.at.sessions() as session:
            used = await zones.in_use(session)
            apart = await zones.differing(session, used)
        trouble = (
            f"PostgreSQL and this machine keep other hours for {', '.join(apart)}: give both one "
            "version of the tz data, then switchboard recount. For CET, EET, MET and WET, choose "
            "the zone of a place in the account's settings."
        )
        return Found(f"{len(apart)} of {len(used)}", trouble if apart else None)

    async def clock_of_temporal(self) -> Found:
        return await _clock("Temporal", lambda: temporal_time(self.at.client))

    async def keys(self) -> Found:
        keyring = Keyring.parse(self.at.settings.security.encryption_keys.get_secret_value())
        ciphers = {one: keyring.cipher(one) for one in Purpose}
        lost: list[str] = []
        for one in await sealed(self.at.direct):
            try:
                ciphers[Purpose(one.purpose)].decrypt(one.content)
            except InvalidToken:
                lost.append(one.name)
        trouble = (
            f"No key in SWITCHBOARD_ENCRYPTION_KEYS decrypts {', '.join(lost[:5])}: put the key "
            "that encrypted it back, behind the others."
        )
        return Found(_count(len(lost)), trouble if lost else None)

    async def suppression(self) -> Found:
        found = await suppressed(self.at.direct)
        trouble = (
            f"{found.unknown} numbers that had opted out were erased under a key that is missing "
            "in SWITCHBOARD_ENCRYPTION_KEYS, and count as new: put it back, behind the others."
        )
        told = f"{found.unknown} of {found.numbers}" if found.numbers else "none"
        return Found(told, trouble if found.unknown else None)

    async def limits(self) -> Found:
        if not self.at.settings.database.database_pooler:
            return Found("no pooler")
        told = await statement_limit(self.at.direct)
        trouble = "Run switchboard migrate, and RECONNECT in the pooler: waits have no limit."
        return Found(told, trouble if told == "0" else None)

    async def server(self) -> Found:
        found = await Server.of(self.at.direct.fetch_one)
        return Found(found.version, found.too_old)

    async def writes(self) -> Found:
        found = await Server.of(self.at.direct.fetch_one)
        return Found("taken" if found.takes_writes else "refused", found.read_only)

    async def connections(self) -> Found:
        found = await connections(self.at.direct)
        told = f"{found.used} of {found.most} ({found.ours} of Switchboard)"
        trouble = (
            "A process takes SWITCHBOARD_DATABASE_POOL_SIZE and up to seven more: raise "
            "PostgreSQL's max_connections, or use smaller pools."
        )
        is_full = found.used > found.most * MOST_USED
        return Found(told, trouble if is_full else None)

    async def locks(self) -> Found:
        found = await locks(self.at.direct)
        told = f"{found.room} for each connection, {found.months} of all months"
        wanted = 2 ** int(found.months / MONTHS_FOR_EACH).bit_length()
        trouble = (
            "When many read all months at once, texts and pages fail: set PostgreSQL's "
            f"max_locks_per_transaction to {wanted}, and start it again."
        )
        is_short = found.months > found.room * MONTHS_FOR_EACH
        return Found(told, trouble if is_short else None)

    async def planned(self) -> Found:
        found = await connections(self.at.direct)
        needed = found.processes * (self.at.settings.database.database_pool_size + BESIDE_POOL)
        told = f"{needed} of {found.most} ({found.processes} processes)"
        trouble = (
            "When all are busy, some get none: raise max_connections, use smaller pools, or a "
            "pooler."
        )
        lacks = needed > found.most and not self.at.settings.database.database_pooler
        return Found(told, trouble if lacks else None)


CHECKS: Mapping[str, Callable[[Checks], Awaitable[Found]]] = {
    "Namespace of Temporal": Checks.namespace,
    "Migrations": Checks.migrations,
    "Search attributes missing": Checks.search_attributes,
    "Current version of workers": Checks.version,
    "Processes that run": Checks.processes,
    "Public address": Checks.public_address,
    "Clock of PostgreSQL": Checks.clock_of_database,
    "Clock of Temporal": Checks.clock_of_temporal,
    "Time zones that differ": Checks.time_zones,
    "Secrets that no key decrypts": Checks.keys,
    "Opt-outs no key knows": Checks.suppression,
    "Version of PostgreSQL": Checks.server,
    "Writes to PostgreSQL": Checks.writes,
    "Connections of PostgreSQL": Checks.connections,
    "Connections they may take": Checks.planned,
    "Locks of PostgreSQL": Checks.locks,
    "Limits behind the pooler": Checks.limits,
}
"""All checks, in the order of the table."""


def of_namespace(namespace: str, tie: Tie | None, mark: str | None) -> Found:
    """Return how database and namespace are tied together; here, no other's is found."""
    if tie is None or tie.namespace is None:
        return Found(f"{namespace}, not tied to the database yet")
    trouble = "It was lost or restored: start a worker again, which marks it."
    if mark is None:
        return Found(f"{namespace}, without the mark of this installation", trouble)
    return Found(namespace)


def _beside(
    current: str | None, at_work: Collection[str | None], others: Sequence[str]
) -> str | None:
    """Return what is wrong where workers with and without a version run side by side."""
    if current is None and others:
        return (
            f"Workers of {others[0]} get no conversations, because workers without a version run: "
            f"stop them, set their SWITCHBOARD_WORKER_BUILD_ID={UNVERSIONED}, or: switchboard "
            f"make-current {others[0]}."
        )
    if current is not None and None in at_work:
        return (
            "Workers without a version run and get no new conversations: stop them, or, if they "
            f"are to have all: switchboard make-current {UNVERSIONED}."
        )
    return None


async def _clock(whose: str, ask: Callable[[], Awaitable[datetime]]) -> Found:
    before = datetime.now(UTC)
    theirs = await ask()
    after = datetime.now(UTC)
    apart = max(before - theirs, theirs - after, timedelta(0))
    told = f"{apart.total_seconds():.0f} s apart" if apart > CLOCKS_APART else "the same"
    trouble = f"Set the clocks of this machine and of {whose}'s by NTP: deadlines depend on them."
    return Found(told, trouble if apart > CLOCKS_APART else None)


def _count(number: int) -> str:
    return str(number) if number else "none"
