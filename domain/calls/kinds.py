"""Kinds of what happens in a call."""

from enum import StrEnum


class Wording(StrEnum):
    """A text of a menu: spoken to the caller, or sent (`text` and `missed_text`)."""

    offer = "offer"
    other_language = "other_language"
    not_understood = "not_understood"
    offer_again = "offer_again"
    nobody_free = "nobody_free"
    waiting = "waiting"
    texted = "texted"
    landline = "landline"
    hidden = "hidden"
    stopped = "stopped"
    refused = "refused"
    goodbye = "goodbye"
    text = "text"
    missed_text = "missed_text"


SENT = (Wording.text, Wording.missed_text)
"""Those that leave as a text. All others are spoken."""


class WhyNot(StrEnum):
    """Why a caller cannot be texted, or was not."""

    hidden = "hidden"
    """The call shows no number, or comes from a computer."""
    landline = "landline"
    """A fixed line, a toll-free or another number that receives no texts."""
    opted_out = "opted_out"
    blocked = "blocked"
    consent_missing = "consent_missing"
    """Nobody asked for the text, and the account wants a consent first."""
    texted_today = "texted_today"
    """The number got a text for a call within the last day."""
    texted_often = "texted_often"
    """The number got as many texts for calls within a day as anybody gets: callers can pretend to
    have another's number.
    """
    not_allowed = "not_allowed"
    """The menu does not text after missed calls."""
    too_late = "too_late"
    """Quiet hours lasted until a text would be too late."""
    line_retired = "line_retired"


class CallOutcome(StrEnum):
    """How a call went, as far as we know."""

    under_way = "under_way"
    asked = "asked"
    """The caller asked for a text."""
    answered = "answered"
    """Somebody took the call."""
    passed_on = "passed_on"
    """Another system went on with it and did not say what became of it."""
    missed = "missed"
    """It ended before anybody or the menu took it."""
    abandoned = "abandoned"
    """The caller hung up before anybody took it."""


class Asked(StrEnum):
    """How a caller asked for a text."""

    keys = "keys"
    speech = "speech"
