"""Preview of an automatic message: filled with sample names, with its segments and warnings."""

from dataclasses import dataclass
from datetime import timedelta

from domain.automatic.catalogue import CATALOGUE
from domain.automatic.durations import Spell
from domain.automatic.kinds import Automatic
from domain.automatic.templates import compose, promises_time
from domain.automatic.wordings import check_text
from domain.errors import DomainError
from domain.languages import is_supported, name_of
from domain.text.limits import OUTGOING, cut_outgoing, units
from domain.text.segments import Segments, segments


@dataclass(frozen=True)
class Sample:
    """Sample values for the placeholders, and the connector's prefix."""

    brand: str
    skill: str
    agent: str
    prefix: str = ""
    language: str = "en"
    response_time: timedelta = timedelta(days=1, hours=20)


@dataclass(frozen=True)
class Preview:
    """A text as it would be sent, cut at 1600 characters. `characters` counts the uncut text. Both
    count as the provider does, in UTF-16 units.
    """

    text: str
    characters: int
    segments: Segments
    """Segments of the cut text; `forced_by` names the characters that GSM-7 lacks."""
    refused: str | None
    """Why the text cannot be saved, as a sentence; None when it can."""
    warnings: tuple[str, ...]
    """Sentences about effects the author may not expect."""


def preview(event: Automatic, text: str, sample: Sample) -> Preview:
    """Return a text filled as an event would send it. A refusal is returned, and never raised."""
    agent = sample.agent if CATALOGUE[event].is_assigned else ""
    values = {"brand": sample.brand, "skill": sample.skill, "agent": agent}
    values["response_time"] = str(Spell(sample.response_time, sample.language))
    filled = compose(text, values, sample.prefix)
    sent = cut_outgoing(filled)
    refused = _refusal(event, text)
    return Preview(
        text=sent,
        characters=units(filled),
        segments=segments(sent),
        refused=refused,
        warnings=() if refused else tuple(_warnings(event, text, filled, sample.language)),
    )


def _refusal(event: Automatic, text: str) -> str | None:
    try:
        check_text(event, text)
    except DomainError as refusal:
        return str(refusal).removesuffix(" It was not sent.")
    return None


def _warnings(event: Automatic, text: str, filled: str, language: str) -> list[str]:
    warnings = []
    if units(filled) > OUTGOING:
        warnings.append(
            f"Filled, it has {units(filled)} characters. All after the first {OUTGOING} is cut off."
        )
    if not filled:
        warnings.append("Filled, it is empty, so it is not sent.")
    if "{agent}" in text and not CATALOGUE[event].is_assigned:
        warnings.append("Nobody is assigned at this moment, so {agent} stays empty.")
    if promises_time(text) and not is_supported(language):
        warnings.append(
            f"No words for times are known in {name_of(language)}: {{response_time}} is in English."
        )
    if promises_time(text):
        warnings.append("It is not sent if no response time is set, or after it has passed.")
    return warnings
