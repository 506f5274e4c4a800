"""Who is at the door: the line named by the URL, and whether its provider really sent this."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from cachetools import TTLCache

from database.engine import Sessions
from database.queries.inbound import LineRoute, entrance
from domain.ids import SLUG
from ingress.errors import LineUnknown, NotFromProvider, NotTaken
from providers.contract import Credentials, Provider, WebhookRefused, WebhookRequest
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

        Raises `LineUnknown`, `NotFromProvider`, and `NotTaken` when our own key is missing.
        """
        adapter = self.providers.get(provider)
        if adapter is None or not SLUG.fullmatch(line_id):
            raise LineUnknown
        known = self._known.get(line_id)
        if known:
            try:
                return self._verified(known, adapter, request)
            except NotFromProvider:
                pass  # the connector's secret may just have been changed: read it
        self._known[line_id] = known = await self._read(sessions, line_id)
        return self._verified(known, adapter, request)

    async def _read(self, sessions: Sessions, line_id: str) -> CachedRoute:
        async with sessions() as session:
            at = await entrance(session, line_id)
        if at is None:
            self._known.pop(line_id, None)
            raise LineUnknown
        try:
            credentials = self.secrets.unseal(at.secret).credentials(at.api_url)
        except SecretUnreadable as error:
            log.error("connector_secret_unreadable", connector=at.connector_id)
            raise NotTaken from error
        return CachedRoute(at, credentials)

    def _verified(
        self, known: CachedRoute, adapter: Provider, request: WebhookRequest
    ) -> tuple[LineRoute, Provider]:
        if known.at.provider != adapter.name:
            raise LineUnknown
        try:
            adapter.verify(request, known.credentials)
        except WebhookRefused as error:
            log.warning("webhook_refused", line=known.at.line_id, reason=str(error))
            raise NotFromProvider from error
        return known.at, adapter
