"""Helpers for tests of endpoints: one receiver, and a brand whose events are posted to it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from database.engine import Sessions
from database.queries.events import NewEvent, append
from database.tables import Endpoint, EndpointAttempt, EndpointDelivery, Event
from domain.people.roles import Role
from outgoing.endpoint_wakes import Following
from outgoing.endpoints import Ended, Endpoints, Pace
from outgoing.signed_posts import SignedPosts
from security.endpoint_secrets import SigningSecrets
from security.secrets import Keyring
from services.caller import Caller, Proof
from services.configuring import endpoints
from services.configuring.endpoints import NewEndpoint, Signing
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand
from tests.fixtures.receiver import Receiver

LOOPBACK = ip_network("127.0.0.0/8")
SECRETS = SigningSecrets(Keyring.parse(ENCRYPTION_KEYS))
SIGNING = Signing(SECRETS, has_own_networks=True)


def admin_of(account_id: str) -> Caller:
    proof = Proof(b"", is_program=True, acts_for=None)
    return Caller(account_id, "token-test", Role.admin, None, proof)


@dataclass
class Posting:
    """An endpoint of a brand, and runs that post to it."""

    brand: Brand
    sessions: Sessions
    posts: SignedPosts
    receiver: Receiver
    wakes: Following = field(default_factory=Following)
    endpoint_id: str = ""
    secret: str = ""

    @property
    def caller(self) -> Caller:
        return admin_of(self.brand.account_id)

    async def create(self, **more: Any) -> str:
        """Make the endpoint; returns its secret."""
        new = NewEndpoint(**{"name": "Warehouse", "url": self.receiver.url} | more)
        async with self.sessions.begin() as session:
            made = await endpoints.create(self.caller, session, SIGNING, new)
        self.endpoint_id, self.secret = made.endpoint.id, made.secret
        return made.secret

    async def events(self, *conversations: UUID | None, kind: str = "message_added") -> list[int]:
        """Let events happen, one for each conversation named; returns their ids."""
        now = datetime.now(UTC)
        async with self.sessions.begin() as session:
            new = [NewEvent(kind, now, one, data={"n": n}) for n, one in enumerate(conversations)]
            await append(session, self.brand.account_id, new)
            await session.flush()
            query = select(Event.id).where(Event.account_id == self.brand.account_id)
            ids = (await session.scalars(query.order_by(Event.id))).all()
        return list(ids[len(ids) - len(conversations) :])

    @property
    def runs(self) -> Endpoints:
        return Endpoints(self.sessions, self.posts, SECRETS, self.wakes, Pace(linger=0.0))

    async def run(self) -> Ended:
        """Post what there is to post."""
        return await self.runs.run(self.endpoint_id, lambda: False)

    async def later(self, delta: timedelta) -> None:
        """Let time pass for the endpoint: what it waits for comes nearer."""
        async with self.sessions.begin() as session:
            own = EndpointDelivery.endpoint_id == self.endpoint_id
            for column in (EndpointDelivery.due_at, EndpointDelivery.tried_at):
                await session.execute(
                    update(EndpointDelivery).where(own).values({column: column - delta})
                )
            for moment in (Endpoint.hold_until, Endpoint.failing_since, Endpoint.previous_until):
                await session.execute(
                    update(Endpoint)
                    .where(Endpoint.id == self.endpoint_id)
                    .values({moment: moment - delta})
                )

    async def row(self) -> Endpoint:
        async with self.sessions() as session:
            return await session.get_one(Endpoint, self.endpoint_id)

    async def waiting(self) -> list[tuple[int, str, int]]:
        """Return the events that were not taken: id, state, tries."""
        async with self.sessions() as session:
            query = select(EndpointDelivery).order_by(EndpointDelivery.event_id)
            rows = await session.scalars(
                query.where(EndpointDelivery.endpoint_id == self.endpoint_id)
            )
            return [(row.event_id, row.state, row.tries) for row in rows]

    async def outcomes(self) -> list[str]:
        async with self.sessions() as session:
            query = select(EndpointAttempt.outcome).order_by(EndpointAttempt.id)
            own = EndpointAttempt.endpoint_id == self.endpoint_id
            return list(await session.scalars(query.where(own)))

    def taken(self, of: UUID | None = None) -> list[int]:
        """Return the events that were posted, also in vain, in order: of a conversation, or all."""
        bodies = [post.json for post in self.receiver.posts]
        return [
            body["data"]["event_id"]
            for body in bodies
            if of is None or body["data"]["conversation_id"] == str(of)
        ]
