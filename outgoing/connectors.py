"""Opens connectors: finds the provider's adapter and decrypts the connector's credentials."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from database.queries.sending import Departure
from providers.contract import Blame, Provider, SendError, SendOutcome
from providers.credentials import Credentials
from security.secrets import SecretBox, SecretUnreadable

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class OpenConnector:
    """A connector this process can use: its adapter, and its credentials in the clear."""

    provider: Provider
    credentials: Credentials

    @property
    def lists_texts(self) -> bool:
        """Whether its provider can be asked for a text without the id that it gave it."""
        return self.provider.description.capabilities.finds_by_number


@dataclass(frozen=True)
class Connectors:
    """Opens connectors. A connector that cannot be opened is logged once until it can be again."""

    providers: Mapping[str, Provider]
    secrets: SecretBox
    _shut: set[str] = field(default_factory=set, init=False, repr=False)

    def open(self, departure: Departure) -> OpenConnector:
        """Return the open connector for a text.

        Raises `SendError` with outcome `not_processed`: another process, or this one later, may be
        able to open it.
        """
        provider = self.providers.get(departure.provider)
        if provider is None:
            raise self._shut_for(departure, "provider_unknown")
        try:
            model = provider.description.credentials
            credentials = self.secrets.unseal(departure.secret, model, departure.api_url)
        except SecretUnreadable as error:
            raise self._shut_for(departure, "secret_unreadable") from error
        self._shut.discard(departure.connector_id)
        return OpenConnector(provider, credentials)

    def _shut_for(self, departure: Departure, reason: str) -> SendError:
        if departure.connector_id not in self._shut:
            self._shut.add(departure.connector_id)
            log.error("connector_unusable", connector=departure.connector_id, reason=reason)
        return SendError(
            code=f"connector_{reason}",
            outcome=SendOutcome.not_processed,
            blame=Blame.configuration,
            sentence="Our connection to the provider cannot be used. It was not sent. "
            "Tell an administrator.",
        )
