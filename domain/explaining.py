"""Why a conversation went to whom it went, or why it still waits: in sentences for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.routing import Candidate, Match, Waiting, eligible, may_ask_again, preference
from domain.words import AgentState

MOST_CANDIDATES = 20
"""Candidates kept with a decision, the most likely first; the sentence counts the others."""


@dataclass(frozen=True)
class Considered:
    """An agent who was looked at, and why they were or were not chosen."""

    agent_id: str
    name: str
    load: float
    capacity: int
    chosen: bool
    why: str


@dataclass(frozen=True)
class Explanation:
    """A decision's sentence and its candidates."""

    sentence: str
    candidates: tuple[Considered, ...]


def explain_choice(match: Match, skills: Mapping[str, str]) -> Explanation:
    """Explain who was chosen. `skills` are names by id."""
    return explained(match.floor, match.waiting, match.agent, skills)


def explained(
    floor: Sequence[Candidate], waiting: Waiting, chosen: Candidate, skills: Mapping[str, str]
) -> Explanation:
    """Explain a choice among everybody who is logged in."""
    concerned = _concerned(floor, waiting)
    able = [one for one in eligible(floor, waiting) if one.has_room]
    shown = [
        _considered(one, waiting, chosen, _why_not_chosen(one, chosen, waiting))
        for one in _most_likely(concerned, waiting, chosen)
    ]
    sentence = _why_chosen(chosen, able, waiting, skills.get(waiting.served_by, ""))
    return Explanation(sentence + _uncounted(len(concerned) - len(shown)), tuple(shown))


def explain_wait(
    floor: Sequence[Candidate], waiting: Waiting, skills: Mapping[str, str], now: datetime
) -> Explanation:
    """Explain why nobody gets a conversation now."""
    concerned = _concerned(floor, waiting)
    shown = [
        _considered(one, waiting, None, _why_unable(one, waiting) or "Could take it.")
        for one in _most_likely(concerned, waiting, None)
    ]
    sentence = _why_waiting(concerned, floor, waiting, skills.get(waiting.served_by, ""), now)
    return Explanation(sentence, tuple(shown))


def explain_fallback(waiting: Waiting, skills: Mapping[str, str]) -> str:
    """Say that another skill stands in."""
    own, other = skills.get(waiting.skill_id, ""), skills.get(waiting.served_by, "")
    return f"Nobody is there for {own}: {other} stands in."


def _concerned(floor: Sequence[Candidate], waiting: Waiting) -> list[Candidate]:
    if waiting.only_agent_id:
        return [one for one in floor if one.agent_id == waiting.only_agent_id]
    return [one for one in floor if waiting.served_by in one.skills]


def _most_likely(
    concerned: Sequence[Candidate], waiting: Waiting, chosen: Candidate | None
) -> list[Candidate]:
    def place(one: Candidate) -> tuple[bool, bool, tuple[bool, float, datetime, str]]:
        is_chosen = chosen is not None and one.agent_id == chosen.agent_id
        return not is_chosen, not one.has_room, preference(one, waiting)

    return sorted(concerned, key=place)[:MOST_CANDIDATES]


def _considered(one: Candidate, waiting: Waiting, chosen: Candidate | None, why: str) -> Considered:
    is_chosen = chosen is not None and one.agent_id == chosen.agent_id
    if is_chosen and one.agent_id == waiting.last_agent_id:
        why = "Chosen: the consumer had this agent last."
    return Considered(one.agent_id, one.name, one.load, one.capacity, is_chosen, why)


def _why_unable(one: Candidate, waiting: Waiting) -> str | None:
    if not one.is_online:
        return f"Is {one.state.replace('_', ' ')}."
    if not one.has_room:
        return _full(one)
    if one.agent_id in waiting.passed_by:
        return "Let this conversation pass."
    if one.agent_id == waiting.avoided_agent_id:
        return "Gave this conversation back."
    return None


def _full(one: Candidate) -> str:
    if not one.is_warm:
        return f"Has just come and gets work little by little: {_places(one)}."
    return f"Has no room: {_places(one)}."


def _places(one: Candidate) -> str:
    return f"{one.load:g} of {one.capacity}"


def _why_not_chosen(one: Candidate, chosen: Candidate, waiting: Waiting) -> str:
    if one.agent_id == chosen.agent_id:
        return "Chosen."
    unable = _why_unable(one, waiting)
    if unable:
        return unable
    if chosen.agent_id == waiting.last_agent_id:
        return f"The consumer had {chosen.name} last."
    if one.ratio > chosen.ratio:
        return f"Is busier: {_places(one)}."
    return f"Got a conversation more recently than {chosen.name}."


def _why_chosen(chosen: Candidate, able: Sequence[Candidate], waiting: Waiting, skill: str) -> str:
    if chosen.agent_id == waiting.only_agent_id:
        return f"It was transferred to {chosen.name}."
    if chosen.agent_id in waiting.passed_by:
        return f"Everybody else of {skill} is busy or let it pass: {chosen.name} is asked again."
    if chosen.agent_id == waiting.last_agent_id:
        return f"The consumer had {chosen.name} last."
    fresh = [one for one in able if one.agent_id not in waiting.passed_by]
    if len(fresh) == 1:
        return f"{chosen.name} is the only one of {skill} with room: {_places(chosen)}."
    if sum(one.ratio == chosen.ratio for one in fresh) == 1:
        return f"{chosen.name} has the lowest load of {skill}: {_places(chosen)}."
    return (
        f"{chosen.name} has the lowest load of {skill} ({_places(chosen)}) "
        "and has waited longest for a conversation."
    )


def _why_waiting(
    concerned: Sequence[Candidate],
    floor: Sequence[Candidate],
    waiting: Waiting,
    skill: str,
    now: datetime,
) -> str:
    if waiting.only_agent_id:
        return _why_wanted_cannot(concerned)
    if not concerned:
        return f"Nobody who holds {skill} is logged in."
    online = eligible(floor, waiting)
    if not online:
        return f"Nobody who holds {skill} is online."
    able = [one for one in online if one.has_room]
    if able and all(one.agent_id in waiting.passed_by for one in able):
        pause = "" if may_ask_again(waiting, now) else " They are asked again in a while."
        return f"Everybody of {skill} with room let it pass.{pause}"
    if able:
        return f"It is served next: somebody of {skill} has room."
    if waiting.avoided_agent_id and any(one.has_room for one in concerned):
        return f"The others of {skill} are busy, and the agent who gave it back comes last."
    return f"Everybody of {skill} who is online is busy."


def _why_wanted_cannot(concerned: Sequence[Candidate]) -> str:
    if not concerned:
        return "It was transferred to an agent who is not logged in."
    [wanted] = concerned
    if wanted.state is not AgentState.online:
        return f"It was transferred to {wanted.name}, who is {wanted.state.replace('_', ' ')}."
    if not wanted.has_room:
        return f"It was transferred to {wanted.name}, who has no room."
    return f"It was transferred to {wanted.name} and is served next."


def _uncounted(others: int) -> str:
    if others <= 0:
        return ""
    return f" {others} more {'agent was' if others == 1 else 'agents were'} looked at."
