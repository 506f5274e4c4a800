"""Explanations of routing in sentences: why an agent was chosen, or why a conversation still waits.

Each sentence must be true of every agent it speaks of;
`tests/domain/routing/test_explaining_truly.py` holds every sentence to the state.
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
"""Candidates kept with a decision, the most likely first; the sentence counts the others. Ours: as
many as a page shows without scrolling.
"""
MOST_NAMED = 3
"""Names in one sentence. Ours: more would not be read."""
GAVE_BACK = "Returned this conversation."
DID_NOT_ANSWER = "Did not answer this conversation."


@dataclass(frozen=True)
class Considered:
    """A candidate, and why they were or were not chosen."""

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
    """Explain the choice of an agent. `skills`: names by id."""
    return explained(match.staffing, match.waiting, match.agent, skills)


def explained(
    staffing: Sequence[Candidate], waiting: Waiting, chosen: Candidate, skills: Mapping[str, str]
) -> Explanation:
    """Explain a choice among all agents who are logged in."""
    concerned = _concerned(staffing, waiting)
    shown = [
        _considered(agent, chosen, _why_not_chosen(agent, chosen, waiting))
        for agent in _most_likely(concerned, waiting, chosen)
    ]
    sentence = _why_chosen(chosen, concerned, waiting, skills.get(waiting.served_by, ""))
    return Explanation(sentence + _uncounted(len(concerned) - len(shown)), tuple(shown))


def explain_wait(
    staffing: Sequence[Candidate], waiting: Waiting, skills: Mapping[str, str], now: datetime
) -> Explanation:
    """Explain why a conversation is not assigned now."""
    concerned = _concerned(staffing, waiting)
    shown = [
        _considered(agent, None, _why_unable(agent, waiting) or "Could take it.")
        for agent in _most_likely(concerned, waiting, None)
    ]
    return Explanation(_why_waiting(concerned, waiting, skills, now), tuple(shown))


def explain_fallback(waiting: Waiting, skills: Mapping[str, str]) -> str:
    """Return the sentence that another skill stands in."""
    own, other = skills.get(waiting.skill_id, ""), skills.get(waiting.served_by, "")
    return f"Nobody serves {own}, so {other} stands in."


def with_fallback(why: Explanation, waiting: Waiting, skills: Mapping[str, str]) -> Explanation:
    """Return an explanation that begins with the skill that stands in, if any does."""
    if waiting.fallback_skill_id is None:
        return why
    return replace(why, sentence=f"{explain_fallback(waiting, skills)} {why.sentence}")


def _concerned(staffing: Sequence[Candidate], waiting: Waiting) -> list[Candidate]:
    if waiting.only_agent_id:
        return [agent for agent in staffing if agent.agent_id == waiting.only_agent_id]
    return [agent for agent in staffing if waiting.served_by in agent.skills]


def _most_likely(
    concerned: Sequence[Candidate], waiting: Waiting, chosen: Candidate | None
) -> list[Candidate]:
    def key(agent: Candidate) -> tuple[bool, bool, tuple[bool, float, datetime, str]]:
        is_chosen = chosen is not None and agent.agent_id == chosen.agent_id
        return not is_chosen, not agent.has_room, preference(agent, waiting)

    return sorted(concerned, key=key)[:MOST_CANDIDATES]


def _considered(agent: Candidate, chosen: Candidate | None, why: str) -> Considered:
    is_chosen = chosen is not None and agent.agent_id == chosen.agent_id
    return Considered(agent.agent_id, agent.name, agent.load, agent.capacity, is_chosen, why)


# About one agent


def _why_unable(agent: Candidate, waiting: Waiting) -> str | None:
    if not agent.is_online:
        return f"Is {_state(agent)}."
    if not agent.has_room:
        return _full(agent)
    if agent.agent_id in waiting.not_accepted_by:
        return "Did not accept this conversation."
    if agent.agent_id == waiting.avoided_agent_id:
        return DID_NOT_ANSWER if waiting.avoided_was_silent else GAVE_BACK
    return None


def _full(agent: Candidate) -> str:
    if _is_warming_up(agent):
        return f"Has just logged in and gets work step by step: {_used_of_capacity(agent)}."
    return f"Has no room: {_used_of_capacity(agent)}."


def _is_warming_up(agent: Candidate) -> bool:
    """Say whether an agent has no room only because they have just logged in."""
    return not agent.has_room and replace(agent, warm_capacity=None).has_room


def _state(agent: Candidate) -> str:
    return agent.state.replace("_", " ")


def _used_of_capacity(agent: Candidate) -> str:
    return f"{agent.load:g} of {agent.capacity}"


def _why_not_chosen(agent: Candidate, chosen: Candidate, waiting: Waiting) -> str:
    if agent.agent_id == chosen.agent_id:
        is_theirs = _is_last_agent(chosen, waiting)
        return "Chosen: the consumer had this agent last." if is_theirs else "Chosen."
    unable = _why_unable(agent, waiting)
    if unable and not (_are_asked_again(agent, chosen, waiting) and agent.has_room):
        return unable
    if _is_last_agent(chosen, waiting):
        return f"The consumer had {chosen.name} last."
    if agent.ratio > chosen.ratio:
        return f"Is busier: {_used_of_capacity(agent)}."
    if _idle_since(agent) > _idle_since(chosen):
        return f"Got a conversation more recently than {chosen.name}."
    return f"Has the same load as {chosen.name}, and has not waited longer."


def _are_asked_again(agent: Candidate, chosen: Candidate, waiting: Waiting) -> bool:
    """Say whether both declined and neither held it: then the load decides who is asked again."""
    are_both = {agent.agent_id, chosen.agent_id} <= waiting.not_accepted_by
    return are_both and agent.agent_id != waiting.avoided_agent_id


def _is_last_agent(chosen: Candidate, waiting: Waiting) -> bool:
    is_requested = chosen.agent_id == waiting.only_agent_id
    return chosen.agent_id == waiting.last_agent_id and not is_requested


def _idle_since(agent: Candidate) -> datetime:
    return agent.last_assigned_at or LONG_AGO


# About a choice


def _why_chosen(
    chosen: Candidate, concerned: Sequence[Candidate], waiting: Waiting, skill: str
) -> str:
    if chosen.agent_id == waiting.only_agent_id:
        return f"It was transferred to {chosen.name}."
    others = [agent for agent in concerned if agent.agent_id != chosen.agent_id]
    unasked = [agent for agent in others if agent.has_room and _why_unable(agent, waiting)]
    if chosen.agent_id in waiting.not_accepted_by:
        return _why_asked_again(chosen, unasked, waiting, skill)
    if _is_last_agent(chosen, waiting):
        return f"The consumer had {chosen.name} last."
    rivals = [agent for agent in others if agent.has_room and agent not in unasked]
    if rivals:
        return _why_freest(chosen, rivals, others, skill) + _why_not_the_others(unasked, waiting)
    if unasked:
        why = f"{chosen.name} is the only one left of {skill}: {_used_of_capacity(chosen)}."
        return why + _why_not_the_others(unasked, waiting)
    return f"{chosen.name} is the only one of {skill} with room: {_used_of_capacity(chosen)}."


def _why_freest(
    chosen: Candidate, rivals: Sequence[Candidate], others: Sequence[Candidate], skill: str
) -> str:
    """Say that nobody has a lower load, in the whole skill if so, else among those with room."""
    tied = [agent for agent in rivals if agent.ratio == chosen.ratio]
    longest = all(_idle_since(agent) > _idle_since(chosen) for agent in tied)
    waited = "has waited longest" if longest else "nobody has waited longer"
    if not tied:
        is_of_all = all(agent.ratio > chosen.ratio for agent in others)
        ending = f"{{load}}: {_used_of_capacity(chosen)}."
    else:
        is_of_all = all(_is_behind(agent, chosen, strictly=longest) for agent in others)
        ending = f"{{load}} ({_used_of_capacity(chosen)}) and {waited} for a conversation."
    if is_of_all:
        return f"{chosen.name} {ending.format(load=f'has the lowest load of {skill}')}"
    left = f"Of those of {skill} who can take it, {chosen.name} "
    return left + ending.format(load="has the lowest load")


def _is_behind(agent: Candidate, chosen: Candidate, *, strictly: bool) -> bool:
    """Say whether an agent has a higher load, or the same load and a later conversation."""
    if agent.ratio != chosen.ratio:
        return agent.ratio > chosen.ratio
    since = _idle_since(chosen)
    return _idle_since(agent) > since if strictly else _idle_since(agent) >= since


def _why_asked_again(
    chosen: Candidate, unasked: Sequence[Candidate], waiting: Waiting, skill: str
) -> str:
    back = next((agent for agent in unasked if agent.agent_id not in waiting.not_accepted_by), None)
    returned = f", and {back.name} {_what_they_did(waiting)}" if back else ""
    return f"No agent of {skill} with room accepted it{returned}: {chosen.name} is asked again."


def _why_not_the_others(unasked: Sequence[Candidate], waiting: Waiting) -> str:
    """Say why the other agents with room were not chosen."""
    passed = [agent.name for agent in unasked if agent.agent_id in waiting.not_accepted_by]
    back = [agent.name for agent in unasked if agent.agent_id not in waiting.not_accepted_by]
    said = [f" {name} {_what_they_did(waiting)}." for name in back]
    if passed:
        said.append(f" {_listed(passed)} did not accept it.")
    return "".join(said)


def _what_they_did(waiting: Waiting) -> str:
    return "did not answer it" if waiting.avoided_was_silent else "returned it"


def _listed(names: Sequence[str]) -> str:
    """Return the first few names, and the number of the others."""
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
        return _why_requested_cannot(concerned)
    online = [agent for agent in concerned if agent.is_online]
    if not online:
        missing = "online" if concerned else "logged in"
        return f"Nobody who holds {skill} is {missing}.{_barred(waiting, skills)}"
    roomy = [agent for agent in online if agent.has_room]
    if not roomy:
        return _why_nobody_has_room(online, skill)
    fresh = [agent for agent in eligible(online, waiting) if agent in roomy]
    if any(agent.agent_id not in waiting.not_accepted_by for agent in fresh):
        return f"Somebody of {skill} has room: it is assigned in its turn."
    back = [agent for agent in roomy if agent.agent_id not in waiting.not_accepted_by]
    if len(back) == len(roomy):
        return _why_not_back(concerned, waiting, skill)
    pause = "" if may_ask_again(waiting, now) else " They are asked again in a while."
    if back:
        return (
            f"No agent of {skill} with room accepted it, and one {_what_they_did(waiting)}.{pause}"
        )
    return f"No agent of {skill} with room accepted it.{pause}"


def _barred(waiting: Waiting, skills: Mapping[str, str]) -> str:
    if waiting.barred_fallback_id is None:
        return ""
    other = skills.get(waiting.barred_fallback_id, "")
    return f" It was transferred there, so {other} does not stand in."


def _why_nobody_has_room(online: Sequence[Candidate], skill: str) -> str:
    if any(_is_warming_up(agent) for agent in online):
        return f"Everybody of {skill} who is online is busy, or has just logged in."
    return f"Everybody of {skill} who is online is busy."


def _why_not_back(concerned: Sequence[Candidate], waiting: Waiting, skill: str) -> str:
    """Say that the agents with room are those who had it before, and the others have no room."""
    online = "" if all(agent.is_online for agent in concerned) else " who are online"
    busy = "are busy or have just logged in" if any(map(_is_warming_up, concerned)) else "are busy"
    ending = f"and the agent who {_what_they_did(waiting)} comes last."
    return f"The others of {skill}{online} {busy}, {ending}"


def _why_requested_cannot(concerned: Sequence[Candidate]) -> str:
    if not concerned:
        return "It was transferred to an agent who is not logged in."
    [requested] = concerned
    if not requested.is_online:
        return f"It was transferred to {requested.name}, who is {_state(requested)}."
    if _is_warming_up(requested):
        return f"It was transferred to {requested.name}, who has just logged in and is warming up."
    if not requested.has_room:
        return f"It was transferred to {requested.name}, who has no room."
    return f"It was transferred to {requested.name}, who has room: it is assigned in its turn."


def _uncounted(others: int) -> str:
    if others <= 0:
        return ""
    return f" {others} more {'agent was' if others == 1 else 'agents were'} looked at."
