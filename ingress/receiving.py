"""Receives consumers' texts: stores each one before anything else happens with it."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_keywords
from database.queries.consent import (
    Consenting,
    is_blocked_by_provider,
    is_opted_out,
    record_keyword,
)
from database.queries.inbound import (
    Arrived,
    LineRoute,
    PendingThread,
    arrive,
    arrive_alone,
    locked_consumer,
)
from domain.consent.keyword import Keyword
from domain.conversation.inputs import ReceivedText
from domain.numbers.kinds import LineKind
from domain.numbers.phone_numbers import Address
from ingress.addressee import Addressee
from ingress.authentication import WebhookAuthenticator
from ingress.normalisation import keyword_of, may_be_keyword, origin_of, sender_of, written
from providers.contract import InboundText, Provider, WebhookRequest


@dataclass(frozen=True)
class StoredText:
    """A text that is stored and can be handed over to its conversation."""

    thread: PendingThread
    text: ReceivedText
    earlier_waits: bool
    """An earlier text of the thread is still pending and must be handed over first."""


@dataclass(frozen=True)
class Receiver:
    """Receives consumers' texts from providers' webhooks."""

    sessions: Sessions
    authenticator: WebhookAuthenticator

    async def take(
        self, at: LineRoute, adapter: Provider, text: InboundText, request: WebhookRequest
    ) -> StoredText | None:
        """Store a text, its consumer and any change of consent; None for a text stored before.

        The text is stored for the line it was sent to, even if the provider posted it to the
        webhook of another line of the account. Raises `NotUnderstood`, `NotForThisLine`.
        """
        at = await Addressee(self.sessions, self.authenticator).line_of(at, text, request)
        if may_be_keyword(text, account_keywords.read(at.keywords)):
            return await self._store_in_turn(at, adapter, text)
        return await self._store(at, adapter, text)

    async def _store(
        self, at: LineRoute, adapter: Provider, text: InboundText
    ) -> StoredText | None:
        sender, new = sender_of(text), written(text, account_keywords.read(at.keywords))
        arrived = await arrive_alone(self.sessions.direct, at, sender, new, origin_of(text))
        if arrived == "known":
            return None
        if arrived == "not alone":
            return await self._store_in_turn(at, adapter, text)
        return _stored(at, sender, new, arrived)

    async def _store_in_turn(
        self, at: LineRoute, adapter: Provider, text: InboundText
    ) -> StoredText | None:
        """Store a text behind the consumer's other texts, with the account's current keywords.

        The keywords of the cached line may be some seconds old, so they are read again.
        """
        sender, kind = sender_of(text), LineKind(at.line_kind)
        async with self.sessions.begin() as session:
            consumer_id = await locked_consumer(session, at.account_id, sender)
            who = Consenting(at.account_id, consumer_id, at.line_id)
            own = await account_keywords.of_account(session, at.account_id)
            keyword = keyword_of(text, kind, own, is_opted_out=await is_opted_out(session, who))
            handled = keyword is not None and await is_answered(
                session, adapter, who, kind, text, keyword
            )
            new = written(text, own, keyword, provider_handled=handled)
            arrived = await arrive(session, at, consumer_id, new, origin_of(text))
            if arrived and keyword:
                inbound_id = UUID(new.message_id)
                await record_keyword(session, who, keyword, text=new.text, inbound_id=inbound_id)
        return _stored(at, sender, new, arrived) if arrived else None


async def is_answered(
    session: AsyncSession,
    adapter: Provider,
    who: Consenting,
    kind: LineKind,
    text: InboundText,
    keyword: Keyword,
) -> bool:
    """Say whether the provider itself answers this keyword; if not, the conversation does."""
    if text.opt_out_type is not None:
        return True
    if not adapter.description.capabilities.confirms_opt_outs:
        return False
    is_blocked = keyword is Keyword.start and await is_blocked_by_provider(session, who)
    return adapter.answers(kind, keyword, text.text, is_blocked=is_blocked)


def _stored(at: LineRoute, sender: Address, new: ReceivedText, arrived: Arrived) -> StoredText:
    thread = PendingThread(
        at.account_id,
        at.line_id,
        at.line_name,
        at.entry_skill_id,
        arrived.consumer_id,
        sender.written,
    )
    return StoredText(thread, replace(new, received_at=arrived.received_at), arrived.earlier_waits)
