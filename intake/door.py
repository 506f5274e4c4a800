"""The door writes first: a consumer's text is in the database before anything else knows of it."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from database.away import AWAY
from database.engine import Sessions
from database.queries.consent import Consenting, is_opted_out, record_keyword
from database.queries.intake import (
    Arrived,
    Entrance,
    NewInbound,
    WaitingText,
    WaitingThread,
    arrive,
    locked_consumer,
)
from intake.arrival import consumer_number, keyword_of, written
from intake.entrance import Doorkeeper
from intake.errors import NotTaken, NotUnderstood
from providers.contract import InboundText, LineKind, Provider, WebhookRefused, WebhookRequest


@dataclass(frozen=True)
class Taken:
    """A text that is written down and now goes to its conversation."""

    thread: WaitingThread
    text: WaitingText
    earlier_waits: bool
    """An earlier text of the thread is not handed over yet: it goes first."""


@dataclass(frozen=True)
class Door:
    """Takes consumers' texts from providers' webhooks."""

    sessions: Sessions
    doorkeeper: Doorkeeper

    async def take(self, provider: str, line_id: str, request: WebhookRequest) -> Taken | None:
        """Write a text, its consumer and what it means for consent; None for a known one.

        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, and `NotTaken` when the database
        is away: then the provider must deliver it again.
        """
        try:
            async with self.sessions.begin() as session:
                at, adapter = await self.doorkeeper.admit(session, provider, line_id, request)
                return await _write(session, at, adapter, _parsed(adapter, request))
        except AWAY as error:
            raise NotTaken from error


def _parsed(adapter: Provider, request: WebhookRequest) -> InboundText:
    try:
        return adapter.parse_inbound(request)
    except WebhookRefused as error:
        raise NotUnderstood from error


async def _write(
    session: AsyncSession, at: Entrance, adapter: Provider, text: InboundText
) -> Taken | None:
    number = consumer_number(text.sender)
    row = await locked_consumer(session, at.account_id, number)
    who = Consenting(at.account_id, row, at.line_id)
    keyword = await keyword_of(text, partial(is_opted_out, session, who))
    handles = adapter.handles_keywords(LineKind(at.line_kind))
    handled = keyword is not None and (handles or text.opt_out_type is not None)
    new = written(text, keyword, provider_handled=handled)
    arrived = await arrive(session, at, row, new)
    if arrived is None:
        return None
    if keyword:
        await record_keyword(session, who, keyword, text=new.text, inbound_id=new.id)
    thread = WaitingThread(at.account_id, at.line_id, at.line_name, row, number)
    return Taken(thread, _waiting(new, arrived), arrived.earlier_waits)


def _waiting(new: NewInbound, arrived: Arrived) -> WaitingText:
    return WaitingText(
        id=new.id,
        text=new.text,
        received_at=arrived.received_at,
        keyword=new.keyword,
        provider_handled=new.provider_handled,
        is_truncated=new.is_truncated,
        media=new.media,
    )
