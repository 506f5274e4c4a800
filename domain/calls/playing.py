"""A call played without a phone: by the machine that real calls use, and nothing is sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.calls.dialogue import (
    Heard,
    Next,
    Speaker,
    Step,
    Turn,
    begin,
    go_on,
    hold,
    language_keys,
    nobody_took,
)
from domain.calls.kinds import WhyNot, Wording
from domain.calls.menu import Dial, PassOn, Queue

Complete = Callable[[str, str], str]
"""Returns a text in a language as it leaves."""
MOST_ACTS = 30
"""Of one played call. Ours."""


class Act(StrEnum):
    """What happens in a played call besides keys, which are written as they are."""

    silence = "silence"
    wait = "wait"
    """Time passes in a queue."""
    nobody = "nobody"
    """Nobody takes the call."""
    say_text_me = "say"
    """The caller says the first of the words that ask for a text."""


class By(StrEnum):
    """Who does something in a played call."""

    brand = "brand"
    caller = "caller"
    phone_system = "phone_system"


@dataclass(frozen=True)
class Line:
    """A line of a dialogue."""

    by: By
    words: str
    language: str = ""


@dataclass(frozen=True)
class Played:
    """A call as far as it was played. `keys`: what may be pressed now, with its meaning.

    `text`: the text that would leave. `acts`: those that were played.
    """

    lines: Sequence[Line]
    keys: Sequence[str]
    others: Sequence[Act]
    acts: Sequence[str]
    text: str = ""


def play(
    speaker: Speaker, why_not: WhyNot | None, acts: Sequence[str], complete: Complete
) -> Played:
    """Play a call of somebody. `why_not`: why they receive no text. Acts that do not fit end it.

    `complete`: what becomes of the text before it leaves.
    """
    turn, played = begin(speaker, why_not), list[str]()
    lines = list(_lines(speaker, turn))
    for act in acts[:MOST_ACTS]:
        following = _next(speaker, turn, act, why_not)
        if following is None:
            break
        lines += [*_done(act), *_lines(speaker, following)]
        turn = following
        played.append(act)
    language = turn.at.language
    text = complete(speaker.fill(Wording.text, language), language) if turn.texts else ""
    return Played(lines, _keys(speaker, turn), _others(speaker, turn), played, text)


def _next(speaker: Speaker, turn: Turn, act: str, why_not: WhyNot | None) -> Turn | None:
    """Return what follows an act; None where it cannot happen."""
    if act in _keys(speaker, turn):
        return go_on(speaker, turn.at, Heard(digits=act), why_not)
    if act not in _others(speaker, turn):
        return None
    match Act(act):
        case Act.silence:
            return go_on(speaker, turn.at, Heard(), why_not)
        case Act.say_text_me:
            return go_on(speaker, turn.at, Heard(speech="text me"), why_not)
        case Act.wait:
            return hold(speaker, turn.at, why_not)
        case Act.nobody:
            return nobody_took(speaker, turn.at, why_not)


def _keys(speaker: Speaker, turn: Turn) -> list[str]:
    if turn.then is not Next.listen:
        return []
    return ["1", "2", "0", *language_keys(speaker.design)]


def _others(speaker: Speaker, turn: Turn) -> list[Act]:
    waiting = speaker.design.keep_waiting
    match turn.then:
        case Next.listen:
            return [Act.say_text_me, Act.silence]
        case Next.keep_waiting if isinstance(waiting, Dial):
            return [Act.nobody]
        case Next.keep_waiting | Next.hold if isinstance(waiting, Queue):
            return [Act.wait]
        case _:
            return []


def _done(act: str) -> Iterator[Line]:
    words = {
        Act.silence: "says nothing",
        Act.say_text_me: "says: text me",
        Act.wait: "waits",
    }
    if act == Act.nobody:
        yield Line(By.phone_system, "Nobody takes the call.")
    else:
        yield Line(By.caller, words.get(Act(act), "") if act in list(Act) else f"presses {act}")


def _lines(speaker: Speaker, turn: Turn) -> Iterator[Line]:
    if turn.at.step is Step.waiting and turn.then is Next.listen:
        waiting = speaker.design.keep_waiting
        seconds = waiting.offer_after_seconds if isinstance(waiting, Queue) else 0
        yield Line(By.phone_system, f"{seconds} seconds later:")
    for said in turn.says:
        yield Line(By.brand, said.words, said.language)
    if told := _what_follows(speaker, turn):
        yield Line(By.phone_system, told)


def _what_follows(speaker: Speaker, turn: Turn) -> str:
    match turn.then:
        case Next.listen:
            return ""
        case Next.hang_up | Next.leave:
            return "The call ends."
        case Next.hold:
            return "The caller stays in the queue."
        case Next.keep_waiting:
            match speaker.design.keep_waiting:
                case Dial(to=to):
                    return f"The call is put through to {to}."
                case PassOn(url=url):
                    return f"The call goes on as {url} says."
                case Queue(name=name):
                    return f"The caller joins the queue {name}."
