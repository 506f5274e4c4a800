"""The dialogue of a menu: from where a call stands and what was heard, to what happens next.

The webhook, the page on which a call is played, and the tests use this same machine.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.calls.kinds import Asked, WhyNot, Wording
from domain.calls.menu import Design, filled
from domain.calls.phrases import Choice, choice_in

MOST_TRIES = 3
"""How often a menu is said to a caller who says nothing clear. Ours."""
KEYS = {"1": Choice.text_me, "2": Choice.keep_waiting, "0": Choice.hear_again}
FIRST_LANGUAGE_KEY = 3
"""Further languages have the keys from here on."""


class Step(StrEnum):
    """Where a call stands."""

    offer = "offer"
    """The menu has been said."""
    waiting = "waiting"
    """The caller waits in a queue."""
    nobody_free = "nobody_free"
    """Nobody took the call, and the menu was said once more."""


class Next(StrEnum):
    """What the phone system does after the words."""

    listen = "listen"
    keep_waiting = "keep_waiting"
    """As the menu says: dial, pass on, or queue."""
    hold = "hold"
    """Stay in the queue until the next offer."""
    leave = "leave"
    """Leave the queue, and hang up."""
    hang_up = "hang_up"


@dataclass(frozen=True)
class Position:
    """Where a call stands. `tries`: how often the caller said nothing clear."""

    language: str
    step: Step = Step.offer
    tries: int = 0


@dataclass(frozen=True)
class Said:
    """Words, and the language they are spoken in."""

    language: str
    words: str


@dataclass(frozen=True)
class Heard:
    """What came from the caller. `confidence`: the provider's, from 0 to 1; None: not told."""

    digits: str = ""
    speech: str = ""
    confidence: float | None = None

    @property
    def is_nothing(self) -> bool:
        return not self.digits and not self.speech.strip()


@dataclass(frozen=True)
class Turn:
    """What the caller hears, and what happens then.

    `at`: where the call stands then. `asked`: how the caller
    asked for a text; `why_not`: why they get none, None if the text leaves.
    """

    says: tuple[Said, ...]
    then: Next
    at: Position
    asked: Asked | None = None
    why_not: WhyNot | None = None

    @property
    def texts(self) -> bool:
        """Whether a text leaves."""
        return self.asked is not None and self.why_not is None


@dataclass(frozen=True)
class Speaker:
    """A menu's words for one caller. `number`: of the line that texts, as it is spoken."""

    design: Design
    brand: str
    number: str

    def say(self, wording: Wording, at: Position) -> Said:
        """Return the words in the language of the call."""
        return Said(at.language, self.fill(wording, at.language))

    def fill(self, wording: Wording, language: str, key: str = "") -> str:
        values = {"brand": self.brand, "number": spelled(self.number), "key": key}
        if wording in (Wording.text, Wording.missed_text):
            values["number"] = self.number
        return filled(self.design.words(wording, language), values)

    def offer(self, wording: Wording, at: Position) -> tuple[Said, ...]:
        """Return a menu, with the keys of the other languages at its end."""
        others = tuple(
            Said(language, self.fill(Wording.other_language, language, key))
            for key, language in language_keys(self.design).items()
            if language != at.language
        )
        return (self.say(wording, at), *others)


def language_keys(design: Design) -> dict[str, str]:
    """Return the menu's languages by key; a menu with one language has no such keys."""
    if len(design.languages) == 1:
        return {}
    return {str(FIRST_LANGUAGE_KEY + nth): one for nth, one in enumerate(design.languages)}


def spelled(number: str) -> str:
    """Return a number as it is spoken, digit by digit."""
    return " ".join(number.removeprefix("+"))


def begin(speaker: Speaker, why_not: WhyNot | None) -> Turn:
    """Return what a caller hears first. `why_not`: why their number receives no texts."""
    at = Position(speaker.design.languages[0])
    if why_not in UNREACHABLE:
        told = (speaker.say(UNREACHABLE[why_not], at), speaker.say(Wording.waiting, at))
        return Turn(told, Next.keep_waiting, at)
    return Turn(offered(speaker, at), Next.listen, at)


def go_on(speaker: Speaker, at: Position, heard: Heard, why_not: WhyNot | None) -> Turn:
    """Return what happens after what was heard. `why_not`: why the caller would get no text."""
    if language := language_keys(speaker.design).get(heard.digits):
        at = replace(at, language=language)
        return Turn(offered(speaker, at), Next.listen, at)
    match _choice(heard):
        case Choice.text_me:
            return _asked(speaker, at, Asked.keys if heard.digits else Asked.speech, why_not)
        case Choice.keep_waiting:
            return _keep_waiting(speaker, at)
        case Choice.hear_again:
            # Counted as well: a key that is stuck must not keep a call going for ever.
            return _again(speaker, at, ())
        case None:
            sorry = () if heard.is_nothing else (speaker.say(Wording.not_understood, at),)
            return _again(speaker, at, sorry)


def hold(speaker: Speaker, at: Position, why_not: WhyNot | None) -> Turn:
    """Return the next offer to somebody who waits in a queue; none if they cannot be texted."""
    at = replace(at, step=Step.waiting)
    if why_not in UNREACHABLE:
        return Turn((), Next.hold, at)
    return Turn(offered(speaker, at), Next.listen, at)


def nobody_took(speaker: Speaker, at: Position, why_not: WhyNot | None) -> Turn:
    """Return what is said when nobody took the call: the offer once more, or goodbye."""
    at = Position(at.language, Step.nobody_free)
    if why_not in UNREACHABLE:
        return Turn((speaker.say(Wording.goodbye, at),), Next.hang_up, at)
    return Turn(offered(speaker, at), Next.listen, at)


UNREACHABLE = {WhyNot.landline: Wording.landline, WhyNot.hidden: Wording.hidden}
"""Why a number receives no texts at all: said at once, and nothing is offered."""
REFUSALS = {**UNREACHABLE, WhyNot.opted_out: Wording.stopped}
OFFERS = {
    Step.offer: Wording.offer,
    Step.waiting: Wording.offer_again,
    Step.nobody_free: Wording.nobody_free,
}


def offered(speaker: Speaker, at: Position) -> tuple[Said, ...]:
    """Return the offer as it is said where a call stands.

    The keys of the other languages are not said again and again to somebody who waits.
    """
    if at.step is Step.waiting:
        return (speaker.say(OFFERS[at.step], at),)
    return speaker.offer(OFFERS[at.step], at)


def _choice(heard: Heard) -> Choice | None:
    if heard.digits:
        return KEYS.get(heard.digits)
    return choice_in(heard.speech, heard.confidence)


def _asked(speaker: Speaker, at: Position, how: Asked, why_not: WhyNot | None) -> Turn:
    if why_not is None:
        then = Next.leave if at.step is Step.waiting else Next.hang_up
        return Turn((speaker.say(Wording.texted, at),), then, at, how)
    told = speaker.say(REFUSALS.get(why_not, Wording.refused), at)
    return replace(_keep_waiting(speaker, at, told), asked=how, why_not=why_not)


def _keep_waiting(speaker: Speaker, at: Position, *told: Said) -> Turn:
    match at.step:
        case Step.offer:
            return Turn((*told, speaker.say(Wording.waiting, at)), Next.keep_waiting, at)
        case Step.waiting:
            return Turn(told, Next.hold, at)
        case Step.nobody_free:
            return Turn((*told, speaker.say(Wording.goodbye, at)), Next.hang_up, at)


def _again(speaker: Speaker, at: Position, told: tuple[Said, ...]) -> Turn:
    if at.step is Step.waiting:
        return Turn(told, Next.hold, at)
    at = replace(at, tries=at.tries + 1)
    if at.tries >= MOST_TRIES:
        return _keep_waiting(speaker, at, *told)
    return Turn((*told, *offered(speaker, at)), Next.listen, at)
