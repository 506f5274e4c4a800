"""The door writes first: a consumer's text is in the database before anything else knows of it."""

from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import own_words
from database.queries.consent import (
    Consenting,
    is_blocked_by_provider,
    is_opted_out,
    record_keyword,
)
from database.queries.inbound import (
    Arrived,
    LineRoute,
    NewInbound,
    PendingConsumer,
    PendingText,
    arrive,
    arrive_alone,
    locked_consumer,
)
from domain.consent.keyword import Keyword
from domain.numbers.kinds import LineKind
from domain.numbers.phone_numbers import Address
from ingress.addressee import Addressee
from ingress.authentication import WebhookAuthenticator
from ingress.errors import NotTaken, NotUnderstood
from ingress.normalisation import keyword_of, may_be_keyword, sender_of, written
from providers.contract import InboundText, Provider, WebhookRefused, WebhookRequest

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Received:
    """A text that is written down and now goes to its conversation."""

    thread: PendingConsumer
    text: PendingText
    earlier_waits: bool
    """An earlier text of the thread is not handed over yet: it goes first."""


@dataclass(frozen=True)
class Receiver:
    """Takes consumers' texts from providers' webhooks."""

    sessions: Sessions
    doorkeeper: WebhookAuthenticator

    async def take(self, provider: str, line_id: str, request: WebhookRequest) -> Received | None:
        """Write a text, its consumer and what it means for consent; None for a known one.

        It goes to the line it is for, also where it was posted to another one of the account.
        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, `NotForThisLine`, and `NotTaken`
        when the database is away: then the provider must deliver it again.
        """
        try:
            at, adapter = await self.doorkeeper.admit(self.sessions, provider, line_id, request)
            text = _parsed(adapter, request)
            at = await Addressee(self.sessions, self.doorkeeper).line_of(at, text, request)
            if may_be_keyword(text, own_words.read(at.keywords)):
                return await self._take_in_turn(at, adapter, text)
            return await self._take(at, adapter, text)
        except NOT_DONE as error:
            log.warning("text_not_taken", line=line_id, error=type(error).__name__)
            raise NotTaken from error

    async def _take(self, at: LineRoute, adapter: Provider, text: InboundText) -> Received | None:
        sender, new = sender_of(text), written(text, own_words.read(at.keywords))
        arrived = await arrive_alone(self.sessions.direct, at, sender, new)
        if arrived == "known":
            return None
        if arrived == "not alone":
            return await self._take_in_turn(at, adapter, text)
        return _taken(at, sender, new, arrived)

    async def _take_in_turn(
        self, at: LineRoute, adapter: Provider, text: InboundText
    ) -> Received | None:
        """Take a text behind the consumer's others, read with the account's keywords as they are.

        The line may have been read some seconds ago: the words are not taken from there.
        """
        sender, kind = sender_of(text), LineKind(at.line_kind)
        async with self.sessions.begin() as session:
            consumer_id = await locked_consumer(session, at.account_id, sender)
            who = Consenting(at.account_id, consumer_id, at.line_id)
            own = await own_words.of_account(session, at.account_id)
            keyword = keyword_of(text, kind, own, is_opted_out=await is_opted_out(session, who))
            handled = keyword is not None and await _is_answered(
                session, adapter, who, kind, text, keyword
            )
            new = written(text, own, keyword, provider_handled=handled)
            arrived = await arrive(session, at, consumer_id, new)
            if arrived and keyword:
                await record_keyword(session, who, keyword, text=new.text, inbound_id=new.id)
        return _taken(at, sender, new, arrived) if arrived else None


async def _is_answered(
    session: AsyncSession,
    adapter: Provider,
    who: Consenting,
    kind: LineKind,
    text: InboundText,
    keyword: Keyword,
) -> bool:
    """Say whether the provider itself answers; else the conversation does."""
    if text.opt_out_type is not None:
        return True
    is_blocked = keyword is Keyword.start and await is_blocked_by_provider(session, who)
    return adapter.answers(kind, keyword, text.text, is_blocked=is_blocked)


def _parsed(adapter: Provider, request: WebhookRequest) -> InboundText:
    try:
        return adapter.parse_inbound(request)
    except WebhookRefused as error:
        raise NotUnderstood from error


def _taken(at: LineRoute, sender: Address, new: NewInbound, arrived: Arrived) -> Received:
    thread = PendingConsumer(
        at.account_id,
        at.line_id,
        at.line_name,
        at.entry_skill_id,
        arrived.consumer_id,
        sender.written,
    )
    return Received(thread, _waiting(new, arrived), arrived.earlier_waits)


def _waiting(new: NewInbound, arrived: Arrived) -> PendingText:
    return PendingText(
        id=new.id,
        text=new.text,
        received_at=arrived.received_at,
        keyword=new.keyword,
        provider_handled=new.provider_handled,
        is_truncated=new.is_truncated,
        media=new.media,
        wants_opt_out=new.wants_opt_out,
    )
