"""Receives texts that were fetched from the provider because no webhook had brought them.

Consent follows the provider's time: a keyword counts only if consent has not changed since it was
sent. So a late START does not undo a STOP that was sent after it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_keywords
from database.queries.consent import Consenting, is_opted_out, last_change, record_keyword
from database.queries.events import CHANNEL_INBOUND, notify
from database.queries.inbound import LineRoute, arrive, locked_consumer
from domain.consent.keyword import Keyword
from domain.consent.keywords import OwnWords
from domain.conversation.inputs import ReceivedText
from domain.numbers.kinds import LineKind
from ingress.masking import masked_text
from ingress.normalisation import as_words, keyword_of, origin_of, sender_of, written
from ingress.receiving import is_answered
from providers.contract import InboundText, Provider


@dataclass(frozen=True)
class LateText:
    """A text without a webhook, and when the provider received it."""

    text: InboundText
    sent_at: datetime


@dataclass(frozen=True)
class LateReceiver:
    """Stores late texts and leaves them to the sweeper, which hands them over."""

    sessions: Sessions

    async def take(
        self, at: LineRoute, adapter: Provider, late: LateText, *, filed_after: timedelta
    ) -> bool:
        """Store a text behind its consumer's other texts; False if it is here already.

        Raises `NotUnderstood`, and the errors of the database.
        """
        text = masked_text(late.text) if at.masks_cards else late.text
        sender, late = sender_of(text), replace(late, text=as_words(text))
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            consumer_id = await locked_consumer(session, at.account_id, sender)
            who = Consenting(at.account_id, consumer_id, at.line_id)
            own = await account_keywords.of_account(session, at.account_id)
            is_old = now - late.sent_at > filed_after
            new = await _read(session, at, adapter, who, late, own, is_old=is_old)
            if not await arrive(session, at, consumer_id, new, origin_of(late.text)):
                return False
            if new.keyword:
                inbound_id = UUID(new.message_id)
                await record_keyword(
                    session,
                    who,
                    new.keyword,
                    text=new.text,
                    inbound_id=inbound_id,
                    sent_at=late.sent_at,
                )
            await notify(session, CHANNEL_INBOUND, at.account_id)
        return True


async def _read(
    session: AsyncSession,
    at: LineRoute,
    adapter: Provider,
    who: Consenting,
    late: LateText,
    own: OwnWords,
    *,
    is_old: bool,
) -> ReceivedText:
    """Return a text as it is to be stored: what it says, and whether anything follows from it."""
    kind = LineKind(at.line_kind)
    said = keyword_of(late.text, kind, own, is_opted_out=await is_opted_out(session, who))
    is_overtaken = said in (Keyword.stop, Keyword.start) and await _is_overtaken(session, who, late)
    keyword = None if is_overtaken or (is_old and said is not Keyword.stop) else said
    handled = keyword is not None and await is_answered(
        session, adapter, who, kind, late.text, keyword
    )
    new = written(
        late.text,
        own,
        keyword,
        provider_handled=handled,
        sent_at=late.sent_at,
        is_filed=is_old or is_overtaken,
    )
    return replace(new, wants_opt_out=new.wants_opt_out and not is_overtaken)


async def _is_overtaken(session: AsyncSession, who: Consenting, late: LateText) -> bool:
    """Say whether consent has changed since a keyword was sent."""
    changed_at = await last_change(session, who)
    return changed_at is not None and changed_at > late.sent_at
