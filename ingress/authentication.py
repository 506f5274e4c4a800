"""Who is at the door: the line named by the URL, and whether its provider really sent this."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from cachetools import TTLCache

from database.engine import Sessions
from database.queries.inbound import LineRoute, line_route
from domain.errors import DomainError
from domain.ids import SLUG
from ingress.errors import LineUnknown, NotFromProvider, NotTaken, NotUnderstood
from providers.contract import Provider, WebhookRefused, WebhookRequest, WebhookUnreadable
from providers.credentials import Credentials
from security.secrets import SecretBox, SecretUnreadable

REMEMBERED_SECONDS = 5.0
"""How long a line is taken as it was read: the hot path saves a query and a decryption."""
MOST_REMEMBERED = 10_000
"""Lines; about a kilobyte each. The line that was used least recently gives way."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class CachedRoute:
    """A line as it was read."""

    at: LineRoute
    credentials: Credentials


def _remembered() -> TTLCache[str, CachedRoute]:
    return TTLCache(MOST_REMEMBERED, REMEMBERED_SECONDS)


@dataclass(frozen=True)
class WebhookAuthenticator:
    """Lets in what a line's own provider signed, and nothing else."""

    providers: Mapping[str, Provider]
    secrets: SecretBox
    _known: TTLCache[str, CachedRoute] = field(default_factory=_remembered, init=False, repr=False)

    async def admit(
        self, sessions: Sessions, provider: str, line_id: str, request: WebhookRequest
    ) -> tuple[LineRoute, Provider]:
        """Return the line a webhook is for.

        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, and `NotTaken` when our own key is
        missing.
        """
        if not SLUG.fullmatch(line_id):
            raise LineUnknown
        adapter = self.providers.get(provider)
        if adapter is None:
            raise await self._unknown(sessions, provider, line_id)
        known = self._known.get(line_id)
        if known:
            try:
                return self._verified(known, adapter, request)
            except NotFromProvider:
                pass  # the connector's secret may just have been changed: read it
        self._known[line_id] = known = await self._read(sessions, adapter, line_id)
        return self._verified(known, adapter, request)

    async def _unknown(self, sessions: Sessions, provider: str, line_id: str) -> DomainError:
        """Return why a provider we do not know is refused: a newer version may know it.

        Then it has to come again, for while versions change there are processes of both.
        """
        async with sessions() as session:
            at = await line_route(session, line_id)
        if at is None or at.provider != provider:
            return LineUnknown()
        log.error("connector_unusable", connector=at.connector_id, reason="provider_unknown")
        return NotTaken()

    async def _read(self, sessions: Sessions, adapter: Provider, line_id: str) -> CachedRoute:
        async with sessions() as session:
            at = await line_route(session, line_id)
        if at is None or at.provider != adapter.description.name:
            self._known.pop(line_id, None)
            raise LineUnknown
        try:
            model = adapter.description.credentials
            credentials = self.secrets.unseal(at.secret, model, at.api_url)
        except SecretUnreadable as error:
            log.error("connector_secret_unreadable", connector=at.connector_id)
            raise NotTaken from error
        return CachedRoute(at, credentials)

    def _verified(
        self, known: CachedRoute, adapter: Provider, request: WebhookRequest
    ) -> tuple[LineRoute, Provider]:
        if known.at.provider != adapter.description.name:
            raise LineUnknown
        try:
            adapter.verify(request, known.credentials)
        except WebhookRefused as error:
            log.warning("webhook_refused", line=known.at.line_id, reason=str(error))
            raise NotFromProvider from error
        except WebhookUnreadable as error:
            raise NotUnderstood from error
        return known.at, adapter
