"""A text as it looks on a consumer's phone, and what it costs to send."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from domain.automatic.kinds import Automatic
from domain.automatic.preview import Sample, preview
from domain.text.limits import OUTGOING
from web.admin.samples import sample
from web.admin.scopes import Brand, PageScope
from web.words import mark, said

SHOWN = 12
"""Foreign characters shown by name."""
AGENT = "Sam"
"""Who writes on the phone."""
NO_NUMBER = mark("Your number")


@dataclass(frozen=True)
class Bubble:
    """A text on the phone: the brand's or the consumer's."""

    text: str
    is_ours: bool = True


@dataclass(frozen=True)
class Phone:
    """A consumer's phone, showing an exchange with the brand."""

    brand: str
    number: str
    bubbles: Sequence[Bubble]

    @property
    def is_silent(self) -> bool:
        """Say whether the brand sends nothing."""
        return not any(bubble.is_ours for bubble in self.bubbles)


@dataclass(frozen=True)
class Size:
    """What a text takes once it is filled in, and why it cannot be saved or sent as it is."""

    segments: int
    encoding: str
    characters: int
    longest: int
    forced_by: Sequence[tuple[str, str]]
    """Characters that force UCS-2, with what Unicode calls them."""
    warnings: Sequence[str]


@dataclass(frozen=True)
class TextPreview:
    """A text on the phone, and what it costs."""

    phone: Phone
    size: Size


@dataclass(frozen=True)
class Sender:
    """Fills a scope's texts with sample values, and the number they come from."""

    number: str
    sample: Sample

    def fill(self, event: Automatic, text: str) -> str:
        """Return a text as it is sent, empty for one that is off."""
        return preview(event, text, self.sample).text

    def phone(self, bubbles: Sequence[Bubble]) -> Phone:
        return Phone(self.sample.brand, self.number, bubbles)


def sender(brand: Brand, scope: PageScope, language: str) -> Sender:
    """Return who sends a scope's texts: the line they are shown on, and its connector."""
    line = brand.example(scope)
    prefixes = {connector.id: connector.prefix for connector in brand.connectors}
    skills = {skill.id: skill.name for skill in brand.skills}
    skill = scope.skill or (line.entry_skill_id if line else "")
    values = Sample(
        brand=brand.account.brand,
        skill=skills.get(skill, ""),
        agent=AGENT,
        prefix=prefixes.get(line.connector_id, "") if line else "",
        language=language,
    )
    return Sender(line.address if line else said(NO_NUMBER), values)


def preview_text(sender: Sender, event: Automatic, text: str, *, is_enabled: bool) -> TextPreview:
    """Return a text as it arrives after a consumer has written."""
    shown = preview(event, text, sender.sample)
    bubbles = [Bubble(sample(sender.sample.language).request, is_ours=False)]
    if is_enabled and shown.text:
        bubbles.append(Bubble(shown.text))
    size = Size(
        segments=shown.segments.count,
        encoding=shown.segments.encoding,
        characters=shown.characters,
        longest=OUTGOING,
        forced_by=_named(shown.segments.forced_by),
        warnings=[said(one) for one in ([shown.refused] if shown.refused else shown.warnings)],
    )
    return TextPreview(sender.phone(bubbles), size)


def _named(characters: str) -> list[tuple[str, str]]:
    return [(each, unicodedata.name(each, "unnamed").lower()) for each in characters[:SHOWN]]
