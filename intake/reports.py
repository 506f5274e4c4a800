"""Delivery callbacks: straight to the message; only an opt-out concerns the conversation."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import AWAY
from database.direct import Asked, within
from database.engine import Sessions
from database.queries.consent import Consenting, record_refusal
from database.queries.delivery import Failure, Outgoing, outgoing, report
from database.queries.intake import Entrance
from domain.ids import is_uuid
from intake.entrance import Doorkeeper
from intake.errors import NotTaken, NotUnderstood
from providers.contract import Provider, StatusReport, WebhookRefused, WebhookRequest

log = structlog.stdlib.get_logger()


class HearsOptOuts(Protocol):
    """Conversations, as callbacks see them: `workflows.conversations.Conversations`."""

    async def opted_out(self, workflow: str) -> object:
        """Tell a conversation of an opt-out; safe to repeat. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class Reports:
    """Takes delivery callbacks from providers' webhooks."""

    sessions: Sessions
    doorkeeper: Doorkeeper
    conversations: HearsOptOuts

    async def take(self, provider: str, line_id: str, request: WebhookRequest) -> None:
        """Raise the status of the text it is about; tell its conversation of an opt-out.

        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, and `NotTaken` or `Unavailable`
        when the provider must call again.
        """
        try:
            at, adapter = await self.doorkeeper.admit(self.sessions, provider, line_id, request)
            news = _parsed(adapter, request)
            if news is None:
                return
            text = await self._write(at, news)
        except AWAY as error:
            raise NotTaken from error
        if text and news.failure and news.failure.is_opt_out:
            await self.conversations.opted_out(text.workflow_id)

    async def _write(self, at: Entrance, news: StatusReport) -> Outgoing | None:
        direct = self.sessions.direct.one
        ours = UUID(news.message_id) if news.message_id and is_uuid(news.message_id) else None
        text = await outgoing(direct, at.line_id, ours, news.provider_message_id)
        if text is None:
            # Sent on this line by somebody else, or long erased.
            log.info("report_about_unknown_text", line=at.line_id, status=str(news.status))
        elif news.failure and news.failure.is_opt_out:
            async with self.sessions.begin() as session:
                await _refused(session, text, news)
        else:
            await _raise(direct, text, news, datetime.now(UTC))
        return text


def _parsed(adapter: Provider, request: WebhookRequest) -> StatusReport | None:
    try:
        return adapter.parse_status(request)
    except WebhookRefused as error:
        raise NotUnderstood from error


async def _refused(session: AsyncSession, text: Outgoing, news: StatusReport) -> None:
    """Write that the consumer wants no more, in one transaction with the text's failure."""
    now = datetime.now(UTC)
    who = Consenting(text.account_id, text.consumer_id, text.line_id)
    await record_refusal(session, who, sent_at=text.attempted_at or now)
    await _raise(within(session), text, news, now)


async def _raise(asked: Asked, text: Outgoing, news: StatusReport, now: datetime) -> None:
    failure = news.failure
    await report(
        asked,
        text.message_id,
        news.status,
        provider_message_id=news.provider_message_id,
        failure=Failure(failure.code, failure.sentence) if failure else None,
        at=now,
    )
