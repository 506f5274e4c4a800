"""The evidence that a caller asked for a text: what they heard, and what they pressed or said."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from domain.calls.dialogue import Heard, Position, Speaker, offered
from domain.calls.kinds import Asked
from domain.text.cards import masked


class Evidence(BaseModel):
    """`heard`: keys, or words. `menu`, `version`: None for a menu of another phone system."""

    model_config = ConfigDict(frozen=True)

    by: Asked
    heard: str
    confidence: float | None = None
    """The provider's for spoken words, from 0 to 1; None: it did not tell."""
    menu: str | None = None
    version: int | None = None
    language: str
    prompt: str
    """The words that the caller had heard."""
    at: datetime

    @classmethod
    def of(
        cls, speaker: Speaker, at: Position, heard: Heard, menu: str, version: int, now: datetime
    ) -> Self:
        """Return the evidence of a choice in a menu."""
        said = offered(speaker, at)
        return cls(
            by=Asked.keys if heard.digits else Asked.speech,
            heard=heard.digits or heard.speech,
            confidence=None if heard.digits else heard.confidence,
            menu=menu,
            version=version,
            language=at.language,
            prompt=" ".join(one.words for one in said),
            at=now,
        )

    def without_cards(self) -> Self:
        """Return it with card numbers masked, in digits that were pressed as well."""
        hidden = {"heard": masked(self.heard), "prompt": masked(self.prompt)}
        return self.model_copy(update=hidden)

    def sentence(self, call_id: str) -> str:
        """Return it for the ledger of consent."""
        what = "pressed" if self.by is Asked.keys else "said"
        sure = "" if self.confidence is None else f" (confidence {self.confidence:.2f})"
        of = f"menu {self.menu}, version {self.version}" if self.menu else "another phone system"
        heard = f"{self.heard}{sure} at {self.at:%Y-%m-%dT%H:%M:%SZ}"
        return f'Call {call_id}, {of}: {what} {heard} after "{self.prompt}" ({self.language}).'
