"""A brand whose provider's webhooks are lost: its texts are at the served carrier only."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx2
from fastapi import FastAPI
from sqlalchemy import select, update

from database.engine import Sessions
from database.queries.inbound import LineRoute
from database.tables import CatchUp, Connector, Inbound, Line
from ingress.catching_up import CatchingUp
from ingress.creation import create_catching_up
from ingress.late_texts import LateReceiver, LateText
from providers.contract import Provider
from security.secrets import Keyring, SecretBox
from settings import Settings
from simulator.carrier import Carrier
from simulator.messages import Direction, Message, MessageStatus
from tests.fixtures.brand import ENCRYPTION_KEYS, LINE_NUMBER, Brand
from tests.ingress.carrier import ADA
from tracing.trace import Trace


class Killed(BaseException):
    """The end of a worker process, which no code may catch."""


@dataclass(frozen=True)
class Dying(LateReceiver):
    """A receiver whose process is killed after some texts."""

    left: list[int]

    async def take(
        self, at: LineRoute, adapter: Provider, late: LateText, *, filed_after: timedelta
    ) -> bool:
        if self.left[0] == 0:
            raise Killed
        self.left[0] -= 1
        return await super().take(at, adapter, late, filed_after=filed_after)


LINE_AGE = timedelta(days=30)


@dataclass
class LostWebhooks:
    """The carrier of a brand, and the task that fetches what its webhooks did not bring."""

    brand: Brand
    settings: Settings
    sessions: Sessions
    http: httpx2.AsyncClient
    app: FastAPI

    @property
    def carrier(self) -> Carrier:
        carrier: Carrier = self.app.state.carrier
        return carrier

    @property
    def connector_id(self) -> str:
        return f"{self.brand.account_id}-twilio"

    async def prepare(self, url: str) -> None:
        """Let the line be old, and complete until a day ago."""
        now = datetime.now(UTC)
        async with self.sessions.begin() as session:
            await session.execute(update(Connector).values(api_url=url))
            await session.execute(update(Line).values(created_at=now - LINE_AGE))
            session.add(CatchUp(line_id=self.brand.line_id, complete_until=now - LINE_AGE / 2))

    def lost(
        self,
        body: str,
        ago: timedelta = timedelta(hours=1),
        *,
        sender: str = ADA,
        recipient: str = LINE_NUMBER,
        media: tuple[str, ...] = (),
        service_sid: str | None = None,
    ) -> str:
        """Text the brand, some time ago, without a webhook; returns the provider's id."""
        at = datetime.now(UTC) - ago
        message = Message(
            sid=("MM" if media else "SM") + uuid4().hex,
            sender=sender,
            recipient=recipient,
            body=body,
            direction=Direction.inbound,
            status=MessageStatus.received,
            provider="twilio",
            media=media,
            service_sid=service_sid,
            created_at=at,
            updated_at=at,
        )
        return self.carrier.messages.keep(message).sid

    @property
    def fetches(self) -> CatchingUp:
        """The task of another worker process."""
        return create_catching_up(
            self.sessions,
            self.http,
            SecretBox(Keyring.parse(ENCRYPTION_KEYS)),
            Trace(self.sessions),
        )

    async def catch_up(self) -> int:
        return await self.fetches.catch_up(self.connector_id)

    async def rows(self) -> list[Inbound]:
        async with self.sessions() as session:
            return list(await session.scalars(select(Inbound).order_by(Inbound.arrival)))

    async def texts(self) -> list[str]:
        return [row.text for row in await self.rows()]

    async def standing(self) -> CatchUp:
        async with self.sessions() as session:
            query = select(CatchUp).where(CatchUp.line_id == self.brand.line_id)
            return (await session.scalars(query)).one()

    async def set_connector(self, **values: object) -> None:
        async with self.sessions.begin() as session:
            await session.execute(update(Connector).values(**values))

    def dying_after(self, count: int) -> CatchingUp:
        """Return a worker's task that is killed once it has stored some texts."""
        fetches = self.fetches
        return replace(fetches, receiver=Dying(fetches.receiver.sessions, [count]))
