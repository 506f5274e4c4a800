"""Receives consumers' texts: stores each one before anything else happens with it."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_keywords, parts
from database.queries.consent import (
    Consenting,
    is_blocked_by_provider,
    is_opted_out,
    record_keyword,
)
from database.queries.events import CHANNEL_INBOUND, notify
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
from domain.text.joining import Segments
from ingress.addressee import Addressee
from ingress.authentication import WebhookAuthenticator
from ingress.joining import Ready, settle, take_part
from ingress.masking import masked_text, masked_whole
from ingress.normalisation import (
    as_words,
    keyword_of,
    may_be_keyword,
    origin_of,
    sender_of,
    written,
)
from ingress.optimistic import UnlockedParts
from providers.contract import InboundText, Provider, TextPart, WebhookRequest


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
    _parts: UnlockedParts = field(default_factory=UnlockedParts, init=False, repr=False)

    async def take(
        self, at: LineRoute, adapter: Provider, text: InboundText, request: WebhookRequest
    ) -> StoredText | None:
        """Store a text, its consumer and any change of consent; None for a text stored before.

        The text is stored for the line it was sent to, even if the provider posted it to the
        webhook of another line of the account. Raises `NotUnderstood`, `NotForThisLine`.
        """
        at = await Addressee(self.sessions, self.authenticator).line_of(at, text, request)
        if text.part is not None and text.part.total == 1:
            text = replace(text, part=None)
        if at.masks_cards:
            text = masked_text(text)
        if text.part is not None and at.segments == Segments.joined:
            return await self._store_part(at, adapter, text, text.part)
        text = as_words(text)
        if may_be_keyword(text, account_keywords.read(at.keywords)):
            return await self._store_in_turn(at, adapter, text)
        return await self._store(at, adapter, text)

    async def take_part(self, at: LineRoute, adapter: Provider, text: InboundText) -> None:
        """Store a text that came as a part of another one, such as a file. The sweeper hands it
        over. A part that was stored before changes nothing.
        """
        text = as_words(masked_text(text) if at.masks_cards else text)
        if may_be_keyword(text, account_keywords.read(at.keywords)):
            await self._store_in_turn(at, adapter, text)
        else:
            await self._store(at, adapter, text)
        async with self.sessions.begin() as session:
            await notify(session, CHANNEL_INBOUND, at.account_id)

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

    async def _store_part(
        self, at: LineRoute, adapter: Provider, text: InboundText, part: TextPart
    ) -> StoredText | None:
        """Store a part of a text that is joined; None while the text waits for other parts."""
        sender = sender_of(text)
        taken = await self._parts.take(self.sessions.direct, at, sender, text, part)
        if taken == "in turn":
            return await self._store_in_turn(at, adapter, text)
        return _stored(at, sender, *taken) if taken else None

    async def _store_in_turn(
        self, at: LineRoute, adapter: Provider, text: InboundText
    ) -> StoredText | None:
        """Store a text behind the consumer's other texts, with the account's current keywords.

        The keywords of the cached line may be some seconds old, so they are read again.
        """
        sender = sender_of(text)
        async with self.sessions.begin() as session:
            consumer_id = await locked_consumer(session, at.account_id, sender)
            ready = await _ready(session, at, consumer_id, text)
            if ready is None:
                return None
            ready = replace(ready, text=as_words(ready.text))
            if at.masks_cards:
                ready = await masked_whole(session, ready)
            return await _store_ready(session, at, adapter, (sender, consumer_id), ready)


async def _ready(
    session: AsyncSession, at: LineRoute, consumer_id: UUID, text: InboundText
) -> Ready | None:
    """Return a text that can be stored; None for a part that is known, or waits for others."""
    if text.part is None:
        return Ready(text)
    if await parts.is_known(session, at.connector_id, text.provider_message_id):
        return None
    if at.segments == Segments.joined:
        return await take_part(session, at, consumer_id, text, text.part)
    return Ready(text)


async def _store_ready(
    session: AsyncSession,
    at: LineRoute,
    adapter: Provider,
    consumer: tuple[Address, UUID],
    ready: Ready,
) -> StoredText | None:
    """Store a text, or end the wait of the text it completes. The consumer's row is locked.

    A keyword waits for nothing: long texts before it are handed over as they are.
    """
    sender, consumer_id = consumer
    who = Consenting(at.account_id, consumer_id, at.line_id)
    new = await _read_in(session, at, adapter, who, ready.text)
    if new.keyword:
        waiting = await parts.lock_waiting(session, at.line_id, consumer_id)
        await settle(session, [text for text in waiting if text.id != ready.row_id])
    if ready.row_id:
        new = replace(new, message_id=str(ready.row_id))
        received_at = await parts.finish(session, ready.row_id, new)
        arrived: Arrived | None = Arrived(consumer_id, received_at, earlier_waits=True)
    else:
        arrived = await arrive(session, at, consumer_id, new, origin_of(ready.text))
    if arrived is None:
        return None
    if ready.late_for:
        text_id, part = ready.late_for
        await parts.add(session, at, text_id, replace(part, late_id=UUID(new.message_id)))
    if new.keyword:
        inbound_id = UUID(new.message_id)
        await record_keyword(session, who, new.keyword, text=new.text, inbound_id=inbound_id)
    return _stored(at, sender, new, arrived)


async def _read_in(
    session: AsyncSession, at: LineRoute, adapter: Provider, who: Consenting, text: InboundText
) -> ReceivedText:
    """Return a text to be stored, with the keyword in it."""
    kind = LineKind(at.line_kind)
    own = await account_keywords.of_account(session, at.account_id)
    keyword = keyword_of(text, kind, own, is_opted_out=await is_opted_out(session, who))
    handled = keyword is not None and await is_answered(session, adapter, who, kind, text, keyword)
    return written(text, own, keyword, provider_handled=handled)


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
    if text.is_file or not adapter.description.capabilities.confirms_opt_outs:
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
