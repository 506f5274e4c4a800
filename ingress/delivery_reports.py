"""Applies delivery reports to messages. Only an opt-out also reaches the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Executor, in_session
from database.engine import Sessions
from database.queries import part_reports
from database.queries.consent import Consenting, refused
from database.queries.consumers import with_phone
from database.queries.delivery import Bill, DeliveryFailure, ReportedText, report, reported_text
from database.queries.foreign_reports import line_of, open_workflow
from database.queries.inbound import LineRoute
from database.queries.part_reports import PartNews
from domain.consent.ports import OptOutReceiver
from domain.delivery.parts import status_of_whole
from domain.errors import NumberInvalid
from domain.ids import is_uuid
from domain.numbers.phone_numbers import Address, address_of
from providers.contract import SendError, StatusReport, TextPart

LATENESS = timedelta(minutes=1)
"""How late a report of a refusal may arrive: a START received since then wins. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class DeliveryReports:
    """Receives delivery reports from providers' webhooks."""

    sessions: Sessions
    conversations: OptOutReceiver

    async def take(self, at: LineRoute, news: StatusReport) -> None:
        """Raise the status of the reported text; signal an opt-out to its conversation.

        Raises `Unavailable` when the provider must send the report again.
        """
        if concerned := await self._write(at, news):
            await self.conversations.opted_out(concerned)

    async def _write(self, at: LineRoute, news: StatusReport) -> str | None:
        """Write the report. Returns the id of the workflow to signal an opt-out to, if any."""
        direct = self.sessions.direct.fetch_one
        ours = UUID(news.message_id) if news.message_id and is_uuid(news.message_id) else None
        text = await reported_text(direct, at.line_id, ours, news.provider_message_id)
        if text is None:
            return await self._write_foreign(at, news)
        is_opt_out = news.failure is not None and news.failure.is_opt_out
        if news.part is None and not is_opt_out:
            await _raise(direct, text, news, datetime.now(UTC))
            return None
        async with self.sessions.begin() as session:
            is_out = await _write_in(session, text, news, is_opt_out=is_opt_out)
        return text.to.workflow_id if is_out else None

    async def _write_foreign(self, at: LineRoute, news: StatusReport) -> str | None:
        """Record the opt-out, if any, in a report of a text that is not ours or was erased.

        Another system may send texts from the same line.
        """
        log.info("report_about_unknown_text", line=at.line_id, status=str(news.status))
        phone = _phone(news.recipient)
        if news.failure is None or not news.failure.is_opt_out or phone is None:
            return None
        async with self.sessions.begin() as session:
            return await _refused_elsewhere(session, at, phone, news.senders)


async def _write_in(
    session: AsyncSession, text: ReportedText, news: StatusReport, *, is_opt_out: bool
) -> bool:
    """Record an opt-out, the part that was reported, and the text's status in one transaction.

    Returns whether the report opts the consumer out; a START since the text was sent wins.
    """
    now = datetime.now(UTC)
    sent_at = text.attempted_at or now
    is_out = is_opt_out and await refused(session, text.to, sent_at=sent_at)
    if news.part is None:
        await _raise(in_session(session), text, news, now)
    else:
        await _write_part(session, text, news, news.part, now)
    return is_out


async def _write_part(
    session: AsyncSession, text: ReportedText, news: StatusReport, part: TextPart, now: datetime
) -> None:
    ticket = news.provider_message_id
    what = (part.number, part.total, news.status, news.provider_code)
    kept = await part_reports.keep(session, PartNews(text.message_id, ticket, *what), now)
    whole = status_of_whole(news.status, delivered=kept.delivered, total=kept.total)
    if not await _raise(in_session(session), text, replace(news, status=whole), now):
        await part_reports.tell(session, kept)


def _phone(recipient: str | None) -> Address | None:
    """Return the phone a text went to; None for other channels, which have their own opt-outs."""
    if recipient is None or ":" in recipient:
        return None
    try:
        return address_of(recipient)
    except NumberInvalid:
        return None


async def _refused_elsewhere(
    session: AsyncSession, at: LineRoute, phone: Address, senders: Sequence[str]
) -> str | None:
    """Record an opt-out reported for a text that another system sent from one of our lines.

    Creates the consumer if they are new. Returns the workflow of their open conversation on that
    line, if there is one; None after a START within `LATENESS`.
    """
    line_id = await line_of(session, at.connector_id, at.line_id, senders)
    if line_id is None:
        log.info("opt_out_from_another_sender", line=at.line_id)
        return None
    consumer = await with_phone(session, at.account_id, phone)
    who = Consenting(at.account_id, consumer.id, line_id)
    if not await refused(session, who, sent_at=datetime.now(UTC) - LATENESS):
        return None
    log.info("opt_out_about_unknown_text", line=line_id)
    return await open_workflow(session, line_id, consumer.id)


async def _raise(executor: Executor, text: ReportedText, news: StatusReport, now: datetime) -> bool:
    failure, billing = news.failure, news.billing
    return await report(
        executor,
        text.message_id,
        news.status,
        provider_message_id=news.provider_message_id,
        failure=_reason(failure) if failure else None,
        bill=Bill(billing.segments, billing.price, billing.currency) if billing else None,
        at=now,
    )


def _reason(error: SendError) -> DeliveryFailure:
    return DeliveryFailure(error.code, error.sentence, error.provider_code, error.told)
