"""Who is at the door: the line named by the URL, and whether its provider really sent this."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.intake import Entrance, entrance
from database.secrets import SecretBox, SecretUnreadable
from domain.ids import SLUG
from intake.errors import LineUnknown, NotFromProvider, NotTaken
from providers.contract import Provider, WebhookRefused, WebhookRequest

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Doorkeeper:
    """Lets in what a line's own provider signed, and nothing else."""

    providers: Mapping[str, Provider]
    secrets: SecretBox

    async def admit(
        self, session: AsyncSession, provider: str, line_id: str, request: WebhookRequest
    ) -> tuple[Entrance, Provider]:
        """Return the line a webhook is for. Raises `LineUnknown`, `NotFromProvider`."""
        adapter = self.providers.get(provider)
        at = await entrance(session, line_id) if SLUG.fullmatch(line_id) else None
        if at is None or adapter is None or at.provider != provider:
            raise LineUnknown
        try:
            credentials = self.secrets.unseal(at.secret).credentials(at.api_url)
            adapter.verify(request, credentials)
        except SecretUnreadable as error:
            log.error("connector_secret_unreadable", connector=at.connector_id)
            raise NotTaken from error
        except WebhookRefused as error:
            log.warning("webhook_refused", line=at.line_id, reason=str(error))
            raise NotFromProvider from error
        return at, adapter
