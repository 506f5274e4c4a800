"""What a consumer would read: an automatic message filled with sample names, and what it costs."""

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
    """What stands for the placeholders of a preview, and the connector's prefix before it."""

    brand: str
    skill: str
    agent: str
    prefix: str = ""
    language: str = "en"
    response_time: timedelta = timedelta(days=1, hours=20)


@dataclass(frozen=True)
class Preview:
    """A text as it would leave: cut at 1600 characters, while `characters` counts all of them, both
    as the provider counts.
    """

    text: str
    characters: int
    segments: Segments
    """Of the text that leaves; `forced_by` names the characters that GSM-7 lacks."""
    refused: str | None
    """Why the text cannot be saved, as a sentence; None when it can."""
    warnings: tuple[str, ...]
    """What may surprise, as sentences."""


def preview(event: Automatic, text: str, sample: Sample) -> Preview:
    """Fill a text as it would be sent on an event. Refuses nothing: it says what saving would."""
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
            f"Filled, it has {units(filled)} characters: what is beyond {OUTGOING} is cut off."
        )
    if not filled:
        warnings.append("Filled, nothing is left of it: it is not sent.")
    if "{agent}" in text and not CATALOGUE[event].is_assigned:
        warnings.append("Nobody is assigned at this moment: {agent} stays empty.")
    if promises_time(text) and not is_supported(language):
        warnings.append(f"In {name_of(language)} a time is worded in English: {{response_time}}.")
    if promises_time(text):
        warnings.append("It is not sent where no response time is set, or once it is over.")
    return warnings
