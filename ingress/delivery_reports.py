"""Delivery callbacks: straight to the message; only an opt-out concerns the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Executor, in_session
from database.engine import Sessions
from database.queries.consent import Consenting, record_refusal
from database.queries.consumers import with_phone
from database.queries.delivery import Failure, Outgoing, outgoing, report
from database.queries.foreign_reports import line_of, open_workflow
from database.queries.inbound import LineRoute
from domain.consent.ports import OptOutReceiver
from domain.delivery.message_status import MessageStatus
from domain.errors import NumberInvalid
from domain.ids import is_uuid
from domain.numbers.phone_numbers import Address, address_of
from providers.contract import SendError, StatusReport

LATENESS = timedelta(minutes=1)
"""How long after a text was refused we may hear of it: a START since then holds. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class DeliveryReports:
    """Takes delivery callbacks from providers' webhooks."""

    sessions: Sessions
    conversations: OptOutReceiver

    async def take(self, at: LineRoute, news: StatusReport) -> None:
        """Raise the status of the text it is about; tell its conversation of an opt-out.

        Raises `Unavailable` when the provider must call again.
        """
        if concerned := await self._write(at, of_whole(news)):
            await self.conversations.opted_out(concerned)

    async def _write(self, at: LineRoute, news: StatusReport) -> str | None:
        """Return the workflow that must hear of an opt-out."""
        direct = self.sessions.direct.fetch_one
        ours = UUID(news.message_id) if news.message_id and is_uuid(news.message_id) else None
        text = await outgoing(direct, at.line_id, ours, news.provider_message_id)
        if text is None:
            return await self._write_foreign(at, news)
        if news.failure is None or not news.failure.is_opt_out:
            await _raise(direct, text, news, datetime.now(UTC))
            return None
        async with self.sessions.begin() as session:
            await _refused(session, text, news)
        return text.to.workflow_id

    async def _write_foreign(self, at: LineRoute, news: StatusReport) -> str | None:
        """Hear of a text that somebody else sent from here, or that was erased: opt-outs count."""
        log.info("report_about_unknown_text", line=at.line_id, status=str(news.status))
        phone = _phone(news.recipient)
        if news.failure is None or not news.failure.is_opt_out or phone is None:
            return None
        async with self.sessions.begin() as session:
            return await _refused_elsewhere(session, at, phone, news.senders)


def of_whole(news: StatusReport) -> StatusReport:
    """Return what a report says of the whole text: one part that arrived says nothing of the rest.

    One that did not arrive does: nobody can read what is left.
    """
    if news.part is None or news.part.total == 1 or news.status is not MessageStatus.delivered:
        return news
    return replace(news, status=MessageStatus.sent)


async def _refused(session: AsyncSession, text: Outgoing, news: StatusReport) -> None:
    """Write that the consumer wants no more, in one transaction with the text's failure."""
    now = datetime.now(UTC)
    await record_refusal(session, text.to, sent_at=text.attempted_at or now)
    await _raise(in_session(session), text, news, now)


def _phone(recipient: str | None) -> Address | None:
    """Return the phone a text went to: other channels have opt-outs of their own."""
    if recipient is None or ":" in recipient:
        return None
    try:
        return address_of(recipient)
    except NumberInvalid:
        return None


async def _refused_elsewhere(
    session: AsyncSession, at: LineRoute, phone: Address, senders: Sequence[str]
) -> str | None:
    """Write that a consumer, known or not, wants no texts of a line that somebody else uses too.

    Returns the workflow of their conversation there, if one is open.
    """
    line_id = await line_of(session, at.connector_id, at.line_id, senders)
    if line_id is None:
        log.info("opt_out_from_another_sender", line=at.line_id)
        return None
    consumer = await with_phone(session, at.account_id, phone)
    who = Consenting(at.account_id, consumer.id, line_id)
    if await record_refusal(session, who, sent_at=datetime.now(UTC) - LATENESS):
        log.info("opt_out_about_unknown_text", line=line_id)
    return await open_workflow(session, line_id, consumer.id)


async def _raise(asked: Executor, text: Outgoing, news: StatusReport, now: datetime) -> None:
    failure = news.failure
    await report(
        asked,
        text.message_id,
        news.status,
        provider_message_id=news.provider_message_id,
        failure=_reason(failure) if failure else None,
        at=now,
    )


def _reason(error: SendError) -> Failure:
    return Failure(error.code, error.sentence, error.provider_code)
