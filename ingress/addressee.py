"""Finds the line that a text is for, whichever webhook address the provider posted it to."""

from dataclasses import dataclass

import structlog

from database.engine import Sessions
from database.queries import line_refusals
from database.queries.inbound import LineRoute
from domain.errors import NumberInvalid
from domain.numbers.kinds import LineKind, Misdirected
from domain.numbers.numbering_plans import spellings
from domain.numbers.phone_numbers import key_of
from ingress.authentication import WebhookAuthenticator
from ingress.errors import LineUnknown, NotForThisLine, NotFromProvider, NotUnderstood
from providers.contract import InboundText, WebhookRequest

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Addressee:
    """Finds the line of a text whose signature was verified."""

    sessions: Sessions
    authenticator: WebhookAuthenticator

    async def line_of(self, at: LineRoute, text: InboundText, request: WebhookRequest) -> LineRoute:
        """Return the line a text is for: the one called, or another line of the account.

        A text for another line or channel is noted, so that admins see the misconfiguration.
        Raises `NotForThisLine`, `NotUnderstood`.
        """
        if text.channel:
            await self._note(at, Misdirected.another_channel)
            raise NotForThisLine
        if is_for(at, text):
            return at
        other = await self._another(at, text, request)
        await self._note(at, Misdirected.another_line if other else Misdirected.unknown_number)
        if other is None:
            raise NotForThisLine
        return other

    async def _another(
        self, at: LineRoute, text: InboundText, request: WebhookRequest
    ) -> LineRoute | None:
        """Return the account's line a text is for, if that line's connector verifies the text."""
        numbers = spellings(_key(text.recipient))
        async with self.sessions() as session:
            lines = await line_refusals.lines_at(session, at.account_id, numbers, text.service)
        for line_id in lines:
            try:
                other, _ = await self.authenticator.admit(
                    self.sessions, at.provider, line_id, request
                )
            except (LineUnknown, NotFromProvider):
                continue
            return other
        return None

    async def _note(self, at: LineRoute, reason: Misdirected) -> None:
        log.warning("text_misdirected", line=at.line_id, reason=str(reason))
        async with self.sessions.begin() as session:
            await line_refusals.note(session, at.line_id, reason)


def is_for(at: LineRoute, text: InboundText) -> bool:
    """Say whether a text was sent to this line. Raises `NotUnderstood`."""
    if at.line_kind == LineKind.service:
        return text.service is not None and text.service.lower() == at.line_address.lower()
    if text.recipient == at.line_address:
        return True
    return _key(text.recipient) == _key(at.line_address)


def _key(address: str) -> str:
    try:
        return key_of(address)
    except NumberInvalid as error:
        raise NotUnderstood from error
