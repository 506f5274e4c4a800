"""The texts on each phone, and waiting for new ones."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from simulator.messages import now


class Author(StrEnum):
    """The author of a text: the phone's owner, the brand, or the carrier itself."""

    consumer = "consumer"
    brand = "brand"
    carrier = "carrier"


class PhoneText(BaseModel):
    """A text on a phone.

    `line`: the brand's number; `media`: addresses of pictures; `taken_at`: when the carrier
    accepted it from the brand.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    line: str
    author: Author
    text: str
    media: tuple[str, ...] = ()
    at: datetime
    taken_at: datetime | None = None


class Phones:
    """All phones that sent or received a text."""

    def __init__(self) -> None:
        self._texts: dict[str, list[PhoneText]] = {}
        # Ids keep rising across restarts, so that a reader's last id stays valid.
        self._ids = itertools.count(int(time.time() * 1000))
        self._changed = asyncio.Event()
        self._is_stopping = False

    def show(
        self,
        phone: str,
        line: str,
        author: Author,
        text: str,
        media: tuple[str, ...] = (),
        taken_at: datetime | None = None,
    ) -> PhoneText:
        """Add a text to a phone, and wake its followers."""
        shown = PhoneText(
            id=next(self._ids),
            line=line,
            author=author,
            text=text,
            media=media,
            at=now(),
            taken_at=taken_at,
        )
        self._texts.setdefault(phone, []).append(shown)
        self._wake()
        return shown

    def texts(self, phone: str, after: int = 0) -> list[PhoneText]:
        """Return a phone's texts after the text `after`, oldest first."""
        return [text for text in self._texts.get(phone, []) if text.id > after]

    def counted(self, author: Author) -> Counter[str]:
        """Return how many texts of an author each phone has."""
        return Counter(
            {
                phone: sum(text.author is author for text in texts)
                for phone, texts in self._texts.items()
            }
        )

    def last_line(self, phone: str) -> str | None:
        """Return the line this phone last texted."""
        texts = reversed(self._texts.get(phone, []))
        return next((text.line for text in texts if text.author is Author.consumer), None)

    async def follow(self, phone: str, after: int) -> AsyncIterator[PhoneText]:
        """Yield a phone's texts after the text `after`, and then new ones, until stopped."""
        while not self._is_stopping:
            changed = self._changed
            for text in self.texts(phone, after):
                after = text.id
                yield text
            await changed.wait()

    def stop(self) -> None:
        """End every `follow`, because open streams would delay the server's shutdown."""
        self._is_stopping = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
