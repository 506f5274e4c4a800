"""Every sentence about a routing decision is held to the state it speaks of.

A sentence is taken apart into claims, each with what must be so for it to be true. A claim nobody
knows here fails, and so does one that is false of the agents as they stand.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as some

from domain.people.roles import AgentState
from domain.routing.explanations import Considered, explain_choice, explain_wait, with_fallback
from domain.routing.kinds import CapacityMode
from domain.routing.matching import ASKED_AGAIN_AFTER, LONG_AGO, Candidate, Waiting, match
from tests.domain.routing.test_matching import NOON, due

SKILLS = {"support": "Support", "sales": "Sales"}
NAMES = ["ann", "ben", "cem", "dan", "eve"]
Claims = dict[str, Callable[..., bool]]

moments = some.none() | some.integers(-3, 0).map(due)
floors = some.lists(
    some.builds(
        Candidate,
        agent_id=some.sampled_from(NAMES),
        name=some.just(""),
        skills=some.frozensets(some.sampled_from(["support", "sales"]), min_size=1),
        capacity=some.integers(0, 3),
        load=some.integers(0, 3),
        last_assigned_at=moments,
        state=some.sampled_from([*[AgentState.online] * 4, *AgentState][:-1]),
        mode=some.sampled_from(CapacityMode),
        warm_capacity=some.none() | some.integers(0, 3),
    ),
    max_size=5,
    unique_by=lambda one: one.agent_id,
).map(lambda centre: [replace(one, name=one.agent_id.title()) for one in centre])
rarely = some.none() | some.none() | some.sampled_from(NAMES)
waits = some.builds(
    Waiting,
    conversation_id=some.just("c1"),
    ticket=some.just(1),
    skill_id=some.just("support"),
    entered_at=some.just(NOON),
    requested_agent_id=rarely,
    avoided_agent_id=rarely,
    avoided_was_silent=some.booleans(),
    not_accepted_by=some.frozensets(some.sampled_from(NAMES), max_size=3),
    last_offered_at=some.sampled_from([None, due(-9), NOON]),
    last_agent_id=rarely,
    fallback_skill_id=some.sampled_from([None, None, "sales"]),
    barred_fallback_id=some.none() | some.just("sales"),
)


@dataclass(frozen=True)
class State:
    """What sentences speak of. `chosen`: who gets it, if somebody does."""

    centre: Sequence[Candidate]
    waiting: Waiting
    chosen: Candidate | None = None

    @property
    def skill(self) -> str:
        return self.waiting.fallback_skill_id or self.waiting.skill_id

    @property
    def holders(self) -> list[Candidate]:
        return [one for one in self.centre if self.skill in one.skills]

    @property
    def others(self) -> list[Candidate]:
        return [one for one in self.holders if one != self.chosen]

    @property
    def roomy(self) -> list[Candidate]:
        return [one for one in self.holders if has_room(one)]

    @property
    def able(self) -> list[Candidate]:
        """Those with room whom nothing keeps from it."""
        return [one for one in self.roomy if not self.passed(one) and not self.had_it(one)]

    def named(self, name: str) -> Candidate:
        [one] = [one for one in self.centre if one.name == name]
        return one

    def passed(self, one: Candidate) -> bool:
        return one.agent_id in self.waiting.not_accepted_by

    def had_it(self, one: Candidate) -> bool:
        return one.agent_id == self.waiting.avoided_agent_id

    def gave_back(self, one: Candidate, how: str) -> bool:
        was_silent = "answer" in how
        return self.had_it(one) and self.waiting.avoided_was_silent is was_silent


def has_room(one: Candidate) -> bool:
    if one.state is not AgentState.online:
        return False
    capacity = one.capacity if one.warm_capacity is None else one.warm_capacity
    capacity = min(capacity, one.warm_capacity if one.warm_capacity is not None else capacity)
    if one.mode is CapacityMode.plain:
        return one.load < capacity
    return capacity > 0 and one.load + 1 <= capacity + 0.5


def is_full(one: Candidate) -> bool:
    """Say whether an agent has no room even when they have been there for long."""
    return not has_room(replace(one, state=AgentState.online, warm_capacity=None))


def has_just_come(one: Candidate) -> bool:
    return not has_room(one) and not is_full(one)


def stands(one: Candidate) -> str:
    return f"{one.load:g} of {one.capacity}"


def idle_since(one: Candidate) -> datetime:
    return one.last_assigned_at or LONG_AGO


def is_freest(state: State, name: str, free_slots: str, *, among: Sequence[Candidate]) -> bool:
    one = state.named(name)
    rivals = [other for other in among if other != one]
    return (
        one == state.chosen
        and stands(one) == free_slots
        and all(other.ratio > one.ratio for other in rivals)
    )


def is_longest(
    state: State, name: str, free_slots: str, how: str, *, among: Sequence[Candidate]
) -> bool:
    one = state.named(name)
    rivals = [other for other in among if other != one]
    tied = [other for other in rivals if other.ratio == one.ratio]
    first = all(idle_since(other) >= idle_since(one) for other in tied)
    alone = all(idle_since(other) > idle_since(one) for other in tied)
    return (
        one == state.chosen
        and stands(one) == free_slots
        and all(other.ratio >= one.ratio for other in rivals)
        and (alone if how == "has waited longest" else first)
    )


def names_in(names: str) -> list[str]:
    return [name for name in re.split(r", | and ", names) if not name.endswith("more")]


def choice_claims(state: State) -> Claims:
    chosen, waiting = state.chosen, state.waiting
    assert chosen is not None
    left = [one for one in state.able if one != chosen]
    return {
        r"It was transferred to (\w+)\.": lambda name: (
            chosen.name == name and chosen.agent_id == waiting.requested_agent_id
        ),
        r"No agent of \w+ with room accepted it: (\w+) is asked again\.": lambda name: (
            name == chosen.name and all(map(state.passed, state.roomy))
        ),
        r"No agent of \w+ with room accepted it, and (\w+) ([\w ]+): (\w+) is asked "
        r"again\.": lambda but, how, name: (
            name == chosen.name
            and state.gave_back(state.named(but), how)
            and has_room(state.named(but))
            and all(state.passed(one) or one.name == but for one in state.roomy)
        ),
        r"The consumer had (\w+) last\.": lambda name: (
            name == chosen.name and chosen.agent_id == waiting.last_agent_id
        ),
        r"(\w+) is the only one of \w+ with room: ([\d.]+ of \d+)\.": lambda name, free_slots: (
            [one.name for one in state.roomy] == [name] and stands(chosen) == free_slots
        ),
        r"(\w+) is the only one left of \w+: ([\d.]+ of \d+)\.": lambda name, free_slots: (
            name == chosen.name
            and not left
            and len(state.roomy) > 1
            and stands(chosen) == free_slots
        ),
        r"(\w+) has the lowest load of \w+: ([\d.]+ of \d+)\.": lambda name, free_slots: is_freest(
            state, name, free_slots, among=state.holders
        ),
        r"Of those of \w+ who can take it, (\w+) has the lowest load: ([\d.]+ of \d+)\.": (
            lambda name, free_slots: is_freest(state, name, free_slots, among=[chosen, *left])
        ),
        r"(\w+) has the lowest load of \w+ \(([\d.]+ of \d+)\) and (.+) for a conversation\.": (
            lambda *said: is_longest(state, *said, among=state.holders)
        ),
        r"Of those of \w+ who can take it, (\w+) has the lowest load \(([\d.]+ of \d+)\) and (.+) "
        r"for a conversation\.": lambda *said: is_longest(state, *said, among=[chosen, *left]),
        r"(\w+) (returned it|did not answer it)\.": lambda name, how: (
            state.gave_back(state.named(name), how) and has_room(state.named(name))
        ),
        r"([A-Z][\w, ]+) did not accept it\.": lambda names: all(
            state.passed(state.named(name)) and has_room(state.named(name))
            for name in names_in(names)
        ),
        r"Nobody serves Support, so Sales stands in\.": lambda: state.skill == "sales",
    }


def wait_claims(state: State) -> Claims:
    waiting, holders, roomy = state.waiting, state.holders, state.roomy
    online = [one for one in holders if one.state is AgentState.online]
    others = [one for one in holders if not state.had_it(one)]
    others_online = [one for one in online if not state.had_it(one)]
    pause = waiting.last_offered_at and waiting.last_offered_at + ASKED_AGAIN_AFTER > NOON

    def waits_for(name: str) -> Candidate:
        wanted = state.named(name)
        assert wanted.agent_id == waiting.requested_agent_id
        return wanted

    return {
        r"It was transferred to an agent who is not logged in\.": lambda: (
            waiting.requested_agent_id not in [one.agent_id for one in state.centre]
        ),
        r"It was transferred to (\w+), who is (away|back soon)\.": lambda name, how: (
            waits_for(name).state == how.replace(" ", "_")
        ),
        r"It was transferred to (\w+), who has no room\.": lambda name: is_full(waits_for(name)),
        r"It was transferred to (\w+), who has just logged in and is warming up\.": lambda name: (
            has_just_come(waits_for(name))
        ),
        r"It was transferred to (\w+), who has room: it is assigned in its turn\.": lambda name: (
            has_room(waits_for(name))
        ),
        r"Nobody who holds \w+ is logged in\.": lambda: not holders,
        r"Nobody who holds \w+ is online\.": lambda: bool(holders) and not online,
        r"It was transferred there, so Sales does not stand in\.": lambda: (
            waiting.barred_fallback_id == "sales" and not online
        ),
        r"Everybody of \w+ who is online is busy\.": lambda: (
            bool(online) and all(map(is_full, online))
        ),
        r"Everybody of \w+ who is online is busy, or has just logged in\.": lambda: (
            not roomy and any(map(has_just_come, online))
        ),
        r"Somebody of \w+ has room: it is assigned in its turn\.": lambda: bool(
            [one for one in roomy if not state.passed(one)]
        ),
        r"No agent of \w+ with room accepted it\.": lambda: (
            bool(roomy) and all(map(state.passed, roomy))
        ),
        r"No agent of \w+ with room accepted it, and one (returned it|did not answer it)\.": (
            lambda how: (
                all(state.passed(one) or state.gave_back(one, how) for one in roomy)
                and any(map(state.passed, roomy))
                and not all(map(state.passed, roomy))
            )
        ),
        r"They are asked again in a while\.": lambda: bool(pause),
        r"The others of \w+ are busy, and the agent who ([\w ]+) comes last\.": lambda how: (
            bool(others)
            and all(is_full(one) for one in others)
            and others == others_online
            and all(state.gave_back(one, how) for one in roomy)
        ),
        r"The others of \w+ who are online are busy, and the agent who ([\w ]+) comes last\.": (
            lambda how: (
                bool(others_online)
                and all(is_full(one) for one in others_online)
                and all(state.gave_back(one, how) for one in roomy)
            )
        ),
        r"The others of \w+( who are online)? are busy or have just logged in, and the agent who "
        r"([\w ]+) comes last\.": lambda _, how: (
            bool(others_online)
            and not any(has_room(one) for one in others_online)
            and all(state.gave_back(one, how) for one in roomy)
        ),
        r"Nobody serves Support, so Sales stands in\.": lambda: state.skill == "sales",
    }


def check(sentence: str, claims: Claims) -> None:
    """Hold every claim of a sentence to the state; one that is not known here fails."""
    rest = sentence
    while rest:
        tried = ((re.match(pattern, rest), so) for pattern, so in claims.items())
        found = [(matched, so) for matched, so in tried if matched]
        assert found, f"nobody knows what makes this true: {rest}"
        [(matched, is_so)] = found
        assert is_so(*matched.groups()), f"this is not true: {matched[0]}"
        rest = rest[matched.end() :].strip()


def check_about(one: Considered, state: State) -> None:
    """Hold what is said of one agent to the state."""
    agent, chosen = state.named(one.name), state.chosen
    claims: Claims = {
        r"Is (away|back soon)\.": lambda how: agent.state == how.replace(" ", "_"),
        r"Has no room: (.+)\.": lambda free_slots: is_full(agent) and free_slots == stands(agent),
        r"Has just logged in and gets work step by step: (.+)\.": lambda free_slots: (
            has_just_come(agent) and free_slots == stands(agent)
        ),
        r"Did not accept this conversation\.": lambda: state.passed(agent) and has_room(agent),
        r"(Returned this conversation|Did not answer this conversation)\.": lambda how: (
            state.gave_back(agent, how) and has_room(agent)
        ),
        r"Could take it\.": lambda: has_room(agent) and not state.passed(agent),
        r"Chosen\.": lambda: agent == chosen,
        r"Chosen: the consumer had this agent last\.": lambda: (
            agent == chosen and agent.agent_id == state.waiting.last_agent_id
        ),
    }
    if chosen is not None:
        claims |= {
            r"The consumer had (\w+) last\.": lambda name: (
                name == chosen.name and chosen.agent_id == state.waiting.last_agent_id
            ),
            r"Is busier: (.+)\.": lambda free_slots: (
                agent.ratio > chosen.ratio and free_slots == stands(agent)
            ),
            r"Got a conversation more recently than (\w+)\.": lambda name: (
                name == chosen.name
                and agent.ratio == chosen.ratio
                and idle_since(agent) > idle_since(chosen)
            ),
            r"Has the same load as (\w+), and has not waited longer\.": lambda name: (
                name == chosen.name
                and agent.ratio == chosen.ratio
                and idle_since(agent) == idle_since(chosen)
            ),
        }
    check(one.why, claims)


@given(floors, waits)
def test_what_is_said_of_a_choice_is_so(centre: list[Candidate], waiting: Waiting) -> None:
    for made in match([waiting], centre, NOON):
        state = State(centre, waiting, made.agent)
        why = with_fallback(explain_choice(made, SKILLS), waiting, SKILLS)
        check(why.sentence, choice_claims(state))
        for one in why.candidates:
            assert one.chosen is (one.agent_id == made.agent.agent_id)
            check_about(one, state)


@given(floors, waits)
def test_what_is_said_of_a_wait_is_so(centre: list[Candidate], waiting: Waiting) -> None:
    state = State(centre, waiting)
    why = with_fallback(explain_wait(centre, waiting, SKILLS, NOON), waiting, SKILLS)
    check(why.sentence, wait_claims(state))
    for one in why.candidates:
        check_about(one, state)
