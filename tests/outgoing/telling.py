"""Helpers for tests of notices: events of a brand, what became of them, and a browser."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from database.engine import Sessions
from database.queries.events import NewEvent, append
from database.tables import Agent, Conversation, Notice, Push, Session
from domain.conversation.kinds import EventKind, Status
from outgoing.posts import Posts
from outgoing.pushes import Pushes
from outgoing.telling import Telling
from security.push_keys import PushKeys
from security.secrets import Keyring
from services import push_subscriptions
from services.caller import Caller, Proof
from services.push_subscriptions import NewSubscription
from settings import Settings
from tests.database.transcripts import new_conversation
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand
from tests.fixtures.push_service import PushedBrowser
from tests.services.callers import person
from workflows.conversation.messages import Actor

KEYS = PushKeys(Keyring.parse(ENCRYPTION_KEYS))
CONTACT = "mailto:ops@brand.test"


@dataclass
class Teller:
    """The tasks of a worker that tell people, and a brand's events."""

    brand: Brand
    sessions: Sessions
    settings: Settings
    posts: Posts

    @property
    def telling(self) -> Telling:
        return Telling(self.sessions, str(self.settings.database.database_url))

    @property
    def pushes(self) -> Pushes:
        return Pushes(self.sessions, self.posts, KEYS, CONTACT)

    async def conversation(
        self, agent: Actor | None = None, *, number: str = "+15550123", **row: Any
    ) -> UUID:
        """Add a conversation; `agent`: who has it."""
        status = Status.assigned if agent else Status.waiting
        made = await new_conversation(
            self.sessions,
            self.brand,
            status,
            number=number,
            agent_id=agent.agent_id if agent else None,
        )
        if row:
            await self.change(made, **row)
        return made

    async def change(self, conversation_id: UUID, **row: Any) -> None:
        async with self.sessions.begin() as session:
            change = update(Conversation).where(Conversation.id == conversation_id)
            await session.execute(change.values(**row))

    async def happens(
        self,
        conversation_id: UUID | None,
        kind: EventKind,
        by: Actor | None = None,
        *,
        _at: datetime | None = None,
        _key: str | None = None,
        **data: str,
    ) -> None:
        """Let an event happen."""
        new = NewEvent(
            kind,
            _at or datetime.now(UTC),
            conversation_id,
            by.agent_id if by else None,
            data,
            _key,
        )
        async with self.sessions.begin() as session:
            await append(session, self.brand.account_id, [new])

    async def texts(self, conversation_id: UUID, times: int = 1) -> None:
        for _ in range(times):
            await self.happens(
                conversation_id,
                EventKind.message_added,
                author="consumer",
                message_id=str(uuid4()),
            )

    async def tell(self) -> None:
        """Turn everything that happened into notices."""
        await self.telling.read([self.brand.account_id])

    async def told(self, agent: Actor) -> list[tuple[str, int, bool]]:
        """Return a person's notices, oldest first: kind, how often, whether unread."""
        async with self.sessions() as session:
            query = select(Notice).where(Notice.agent_id == agent.agent_id).order_by(Notice.id)
            rows = await session.scalars(query)
            return [(row.kind, row.times, row.read_at is None) for row in rows]

    async def subscribe(self, agent: Actor, browser: PushedBrowser) -> UUID:
        """Log a person in with a browser that may be pushed to."""
        secret = uuid4().bytes
        log_in = Session(
            token_hash=secret,
            agent_id=agent.agent_id,
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )
        known = person(self.brand.account_id, agent)
        proof = Proof(secret, is_program=False, acts_for=None)
        caller = Caller(known.account_id, known.id, known.role, known.person, proof)
        said = browser.subscription
        new = NewSubscription(said["endpoint"], **said["keys"], browser=said["browser"])
        async with self.sessions.begin() as session:
            session.add(log_in)
            await push_subscriptions.show_key(caller, session, KEYS)
            made = await push_subscriptions.subscribe(caller, session, new, has_own_networks=True)
            return made.id

    async def later(self, delta: timedelta) -> None:
        """Let time pass for what is to be pushed: it is due sooner, and too late sooner."""
        async with self.sessions.begin() as session:
            moved = {"due_at": Push.due_at - delta, "expires_at": Push.expires_at - delta}
            await session.execute(update(Push).values(moved))

    async def push(self) -> None:
        """Push what is due once a page would have shown it."""
        await self.later(timedelta(seconds=5))
        await self.pushes.send_due()

    async def planned(self) -> list[Push]:
        async with self.sessions() as session:
            return list(await session.scalars(select(Push).order_by(Push.id)))

    async def retire(self, agent: Actor) -> None:
        async with self.sessions.begin() as session:
            change = update(Agent).where(Agent.id == agent.agent_id)
            await session.execute(change.values(retired_at=datetime.now(UTC)))
