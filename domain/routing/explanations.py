"""Why a conversation went to whom it went, or why it still waits: in sentences for people.

Each says only what is so of everybody it speaks of:
`tests/domain/routing/test_explaining_truly.py` holds
every sentence to the state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.routing.matching import (
    LONG_AGO,
    Candidate,
    Match,
    Waiting,
    eligible,
    may_ask_again,
    preference,
)

MOST_CANDIDATES = 20
"""Candidates kept with a decision, the most likely first; the sentence counts the others."""
MOST_NAMED = 3
GAVE_BACK = "Gave this conversation back."
DID_NOT_ANSWER = "Did not answer this conversation."


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
    return explained(match.staffing, match.waiting, match.agent, skills)


def explained(
    staffing: Sequence[Candidate], waiting: Waiting, chosen: Candidate, skills: Mapping[str, str]
) -> Explanation:
    """Explain a choice among everybody who is logged in."""
    concerned = _concerned(staffing, waiting)
    shown = [
        _considered(one, chosen, _why_not_chosen(one, chosen, waiting))
        for one in _most_likely(concerned, waiting, chosen)
    ]
    sentence = _why_chosen(chosen, concerned, waiting, skills.get(waiting.served_by, ""))
    return Explanation(sentence + _uncounted(len(concerned) - len(shown)), tuple(shown))


def explain_wait(
    staffing: Sequence[Candidate], waiting: Waiting, skills: Mapping[str, str], now: datetime
) -> Explanation:
    """Explain why nobody gets a conversation now."""
    concerned = _concerned(staffing, waiting)
    shown = [
        _considered(one, None, _why_unable(one, waiting) or "Could take it.")
        for one in _most_likely(concerned, waiting, None)
    ]
    return Explanation(_why_waiting(concerned, waiting, skills, now), tuple(shown))


def explain_fallback(waiting: Waiting, skills: Mapping[str, str]) -> str:
    """Say that another skill stands in."""
    own, other = skills.get(waiting.skill_id, ""), skills.get(waiting.served_by, "")
    return f"Nobody is there for {own}: {other} stands in."


def with_fallback(why: Explanation, waiting: Waiting, skills: Mapping[str, str]) -> Explanation:
    """Return an explanation that says first that another skill stands in, where one does."""
    if waiting.fallback_skill_id is None:
        return why
    return replace(why, sentence=f"{explain_fallback(waiting, skills)} {why.sentence}")


def _concerned(staffing: Sequence[Candidate], waiting: Waiting) -> list[Candidate]:
    if waiting.only_agent_id:
        return [one for one in staffing if one.agent_id == waiting.only_agent_id]
    return [one for one in staffing if waiting.served_by in one.skills]


def _most_likely(
    concerned: Sequence[Candidate], waiting: Waiting, chosen: Candidate | None
) -> list[Candidate]:
    def key(one: Candidate) -> tuple[bool, bool, tuple[bool, float, datetime, str]]:
        is_chosen = chosen is not None and one.agent_id == chosen.agent_id
        return not is_chosen, not one.has_room, preference(one, waiting)

    return sorted(concerned, key=key)[:MOST_CANDIDATES]


def _considered(one: Candidate, chosen: Candidate | None, why: str) -> Considered:
    is_chosen = chosen is not None and one.agent_id == chosen.agent_id
    return Considered(one.agent_id, one.name, one.load, one.capacity, is_chosen, why)


# About one agent


def _why_unable(one: Candidate, waiting: Waiting) -> str | None:
    if not one.is_online:
        return f"Is {_state(one)}."
    if not one.has_room:
        return _full(one)
    if one.agent_id in waiting.passed_by:
        return "Let this conversation pass."
    if one.agent_id == waiting.avoided_agent_id:
        return DID_NOT_ANSWER if waiting.avoided_was_silent else GAVE_BACK
    return None


def _full(one: Candidate) -> str:
    if _is_warming_up(one):
        return f"Has just come and gets work little by little: {_places(one)}."
    return f"Has no room: {_places(one)}."


def _is_warming_up(one: Candidate) -> bool:
    """Say whether an agent without room would have some, had they been there for longer."""
    return not one.has_room and replace(one, warm_capacity=None).has_room


def _state(one: Candidate) -> str:
    return one.state.replace("_", " ")


def _places(one: Candidate) -> str:
    return f"{one.load:g} of {one.capacity}"


def _why_not_chosen(one: Candidate, chosen: Candidate, waiting: Waiting) -> str:
    if one.agent_id == chosen.agent_id:
        is_theirs = _had_last(chosen, waiting)
        return "Chosen: the consumer had this agent last." if is_theirs else "Chosen."
    unable = _why_unable(one, waiting)
    if unable and not (_are_asked_again(one, chosen, waiting) and one.has_room):
        return unable
    if _had_last(chosen, waiting):
        return f"The consumer had {chosen.name} last."
    if one.ratio > chosen.ratio:
        return f"Is busier: {_places(one)}."
    if _idle_since(one) > _idle_since(chosen):
        return f"Got a conversation more recently than {chosen.name}."
    return f"Is as free as {chosen.name}, and not for longer."


def _are_asked_again(one: Candidate, chosen: Candidate, waiting: Waiting) -> bool:
    """Say whether both let it pass, and neither had it before: then the freer one is asked."""
    are_both = {one.agent_id, chosen.agent_id} <= waiting.passed_by
    return are_both and one.agent_id != waiting.avoided_agent_id


def _had_last(chosen: Candidate, waiting: Waiting) -> bool:
    is_wanted = chosen.agent_id == waiting.only_agent_id
    return chosen.agent_id == waiting.last_agent_id and not is_wanted


def _idle_since(one: Candidate) -> datetime:
    return one.last_assigned_at or LONG_AGO


# About a choice


def _why_chosen(
    chosen: Candidate, concerned: Sequence[Candidate], waiting: Waiting, skill: str
) -> str:
    if chosen.agent_id == waiting.only_agent_id:
        return f"It was transferred to {chosen.name}."
    others = [one for one in concerned if one.agent_id != chosen.agent_id]
    aside = [one for one in others if one.has_room and _why_unable(one, waiting)]
    if chosen.agent_id in waiting.passed_by:
        return _why_asked_again(chosen, aside, waiting, skill)
    if _had_last(chosen, waiting):
        return f"The consumer had {chosen.name} last."
    rivals = [one for one in others if one.has_room and one not in aside]
    if rivals:
        return _why_freest(chosen, rivals, others, skill) + _set_aside(aside, waiting)
    if aside:
        why = f"{chosen.name} is the only one left of {skill}: {_places(chosen)}."
        return why + _set_aside(aside, waiting)
    return f"{chosen.name} is the only one of {skill} with room: {_places(chosen)}."


def _why_freest(
    chosen: Candidate, rivals: Sequence[Candidate], others: Sequence[Candidate], skill: str
) -> str:
    """Say that nobody is freer; of the whole skill, where that is so of those who cannot, too."""
    tied = [one for one in rivals if one.ratio == chosen.ratio]
    longest = all(_idle_since(one) > _idle_since(chosen) for one in tied)
    waited = "has waited longest" if longest else "nobody has waited longer"
    if not tied:
        is_of_all = all(one.ratio > chosen.ratio for one in others)
        ending = f"{{load}}: {_places(chosen)}."
    else:
        is_of_all = all(_is_behind(one, chosen, strictly=longest) for one in others)
        ending = f"{{load}} ({_places(chosen)}) and {waited} for a conversation."
    if is_of_all:
        return f"{chosen.name} {ending.format(load=f'has the lowest load of {skill}')}"
    left = f"Of those of {skill} who can take it, {chosen.name} "
    return left + ending.format(load="has the lowest load")


def _is_behind(one: Candidate, chosen: Candidate, *, strictly: bool) -> bool:
    """Say whether somebody is busier, or as busy and got a conversation later."""
    if one.ratio != chosen.ratio:
        return one.ratio > chosen.ratio
    since = _idle_since(chosen)
    return _idle_since(one) > since if strictly else _idle_since(one) >= since


def _why_asked_again(
    chosen: Candidate, aside: Sequence[Candidate], waiting: Waiting, skill: str
) -> str:
    back = next((one for one in aside if one.agent_id not in waiting.passed_by), None)
    but = f", but for {back.name}, who {_had_it(waiting)}" if back else ""
    return f"Everybody of {skill} with room let it pass{but}: {chosen.name} is asked again."


def _set_aside(aside: Sequence[Candidate], waiting: Waiting) -> str:
    """Say of those with room why they do not get it."""
    passed = [one.name for one in aside if one.agent_id in waiting.passed_by]
    back = [one.name for one in aside if one.agent_id not in waiting.passed_by]
    said = [f" {name} {_had_it(waiting)}." for name in back]
    if passed:
        said.append(f" {_named(passed)} let it pass.")
    return "".join(said)


def _had_it(waiting: Waiting) -> str:
    return "did not answer it" if waiting.avoided_was_silent else "gave it back"


def _named(names: Sequence[str]) -> str:
    """Return the first names of some, and how many more there are."""
    shown, others = list(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if others > 0:
        shown.append(f"{others} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


# About a wait


def _why_waiting(
    concerned: Sequence[Candidate], waiting: Waiting, skills: Mapping[str, str], now: datetime
) -> str:
    skill = skills.get(waiting.served_by, "")
    if waiting.only_agent_id:
        return _why_wanted_cannot(concerned)
    online = [one for one in concerned if one.is_online]
    if not online:
        missing = "online" if concerned else "logged in"
        return f"Nobody who holds {skill} is {missing}.{_barred(waiting, skills)}"
    roomy = [one for one in online if one.has_room]
    if not roomy:
        return _why_nobody_has_room(online, skill)
    fresh = [one for one in eligible(online, waiting) if one in roomy]
    if any(one.agent_id not in waiting.passed_by for one in fresh):
        return f"Somebody of {skill} has room: it is given out in its turn."
    back = [one for one in roomy if one.agent_id not in waiting.passed_by]
    if len(back) == len(roomy):
        return _why_not_back(concerned, waiting, skill)
    pause = "" if may_ask_again(waiting, now) else " They are asked again in a while."
    if back:
        return f"Everybody of {skill} with room let it pass or {_had_it(waiting)}.{pause}"
    return f"Everybody of {skill} with room let it pass.{pause}"


def _barred(waiting: Waiting, skills: Mapping[str, str]) -> str:
    if waiting.barred_fallback_id is None:
        return ""
    other = skills.get(waiting.barred_fallback_id, "")
    return f" It was transferred there, so {other} does not stand in."


def _why_nobody_has_room(online: Sequence[Candidate], skill: str) -> str:
    if any(_is_warming_up(one) for one in online):
        return f"Everybody of {skill} who is online is busy, or has just come."
    return f"Everybody of {skill} who is online is busy."


def _why_not_back(concerned: Sequence[Candidate], waiting: Waiting, skill: str) -> str:
    """Say of the others that they have no room, and that who has some had it before."""
    online = "" if all(one.is_online for one in concerned) else " who are online"
    busy = "are busy or have just come" if any(map(_is_warming_up, concerned)) else "are busy"
    ending = f"and the agent who {_had_it(waiting)} comes last."
    return f"The others of {skill}{online} {busy}, {ending}"


def _why_wanted_cannot(concerned: Sequence[Candidate]) -> str:
    if not concerned:
        return "It was transferred to an agent who is not logged in."
    [wanted] = concerned
    if not wanted.is_online:
        return f"It was transferred to {wanted.name}, who is {_state(wanted)}."
    if _is_warming_up(wanted):
        return f"It was transferred to {wanted.name}, who has just come and is warming up."
    if not wanted.has_room:
        return f"It was transferred to {wanted.name}, who has no room."
    return f"It was transferred to {wanted.name}, who has room: it is given out in its turn."


def _uncounted(others: int) -> str:
    if others <= 0:
        return ""
    return f" {others} more {'agent was' if others == 1 else 'agents were'} looked at."
