"""Authenticates webhooks: finds the line named by the URL and verifies the provider's signature."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

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
"""How long a line is served from the cache, which saves a query and a decryption per text. Ours."""
MOST_REMEMBERED = 10_000
"""Lines, about a kilobyte each. The least recently used line is dropped first. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class CachedRoute:
    """A line with its connector's credentials, as read from the database."""

    at: LineRoute
    credentials: Credentials


def _remembered() -> TTLCache[str, CachedRoute]:
    return TTLCache(MOST_REMEMBERED, REMEMBERED_SECONDS)


@dataclass(frozen=True)
class WebhookAuthenticator:
    """Accepts a webhook only if the line's own provider signed it."""

    providers: Mapping[str, Provider]
    secrets: SecretBox
    _known: TTLCache[str, CachedRoute] = field(default_factory=_remembered, init=False, repr=False)
    _reading: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, init=False, repr=False
    )

    async def admit(
        self, sessions: Sessions, provider: str, line_id: str, request: WebhookRequest
    ) -> tuple[LineRoute, Provider]:
        """Return the line that a webhook calls, and its provider's adapter.

        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, and `NotTaken` when our own
        encryption key is missing.
        """
        if not SLUG.fullmatch(line_id):
            raise LineUnknown
        adapter = self.providers.get(provider)
        if adapter is None:
            raise await self._unknown(sessions, provider, line_id)
        # A provider may have signed the time, and ours may be wrong.
        request = replace(request, arrived_at=await sessions.clock.now())
        known = self._known.get(line_id)
        if known:
            try:
                return self._verified(known, adapter, request)
            except NotFromProvider:
                pass  # the connector's secret may have changed: read it again
        async with self._reading.setdefault(line_id, asyncio.Lock()):
            found = self._known.get(line_id)
            if found is None or found is known:  # else another request has read it just now
                found = self._known[line_id] = await self._read(sessions, adapter, line_id)
        return self._verified(found, adapter, request)

    async def _unknown(self, sessions: Sessions, provider: str, line_id: str) -> DomainError:
        """Return the error for a provider this process does not know.

        A newer version may know it. During a rolling deployment both versions run, so the provider
        is asked to send the webhook again.
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
