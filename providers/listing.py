"""The part of a provider's contract for those that list consumers' texts (`lists_texts`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from domain.conversation.effects import MediaRef
from domain.numbers.kinds import LineKind
from providers.contract import InboundText, Provider
from providers.credentials import Credentials


@dataclass(frozen=True)
class TextsSought:
    """The consumers' texts to list: those to one of our addresses since a moment.

    `page`: where to go on, as the page before said; None: begin with the newest.
    """

    address: str
    kind: LineKind
    since: datetime
    page: str | None = None


@dataclass(frozen=True)
class ListedText:
    """A consumer's text in the provider's list, still without its media.

    `text` has the id that its webhook has. `sent_at`: when the provider received it from the
    consumer. `has_media`: ask for them with `media_of`.
    """

    text: InboundText
    sent_at: datetime
    has_media: bool = False


@dataclass(frozen=True)
class TextsPage:
    """A page of the provider's list. `next_page`: None if no page after it is recent enough."""

    texts: tuple[ListedText, ...]
    next_page: str | None = None


@runtime_checkable
class ListsTexts(Protocol):
    """What an adapter with the capability `lists_texts` implements as well."""

    async def list_texts(self, sought: TextsSought, credentials: Credentials) -> TextsPage:
        """List consumers' texts, newest first, a page within 10 seconds. Raises `SendError`.

        The page may hold texts to other addresses as well.
        """
        ...

    async def media_of(
        self, provider_message_id: str, credentials: Credentials
    ) -> tuple[MediaRef, ...]:
        """Return the media of a listed text as its webhook names them, within 10 seconds.

        Raises `SendError`.
        """
        ...


def lister(provider: Provider) -> ListsTexts | None:
    """Return the provider as one that lists texts; None if it does not."""
    if provider.description.capabilities.lists_texts and isinstance(provider, ListsTexts):
        return provider
    return None
