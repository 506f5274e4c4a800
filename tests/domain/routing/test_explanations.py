"""What people read about a routing decision."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.people.roles import AgentState
from domain.routing.explanations import (
    MOST_CANDIDATES,
    explain_choice,
    explain_fallback,
    explain_wait,
)
from domain.routing.matching import Candidate, Waiting, match

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SKILLS = {"support": "Support", "night": "Night"}


def waiting(**more: object) -> Waiting:
    return replace(Waiting("c1", 1, "support", NOON), **more)  # type: ignore[arg-type]


def agent(name: str, load: int = 0, idle: int = 0, **more: object) -> Candidate:
    last = NOON - timedelta(minutes=idle)
    one = Candidate(name, name.title(), frozenset({"support"}), 3, load, last)
    return replace(one, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("centre", "conversation", "sentence"),
    [
        ([agent("ann", 1)], waiting(), "Ann is the only one of Support with room: 1 of 3."),
        (
            [agent("ann", 1), agent("ben")],
            waiting(),
            "Ben has the lowest load of Support: 0 of 3.",
        ),
        (
            [agent("ann", idle=9), agent("ben")],
            waiting(),
            "Ann has the lowest load of Support (0 of 3) and has waited longest for a "
            "conversation.",
        ),
        (
            [agent("ann", 2), agent("ben")],
            waiting(last_agent_id="ann"),
            "The consumer had Ann last.",
        ),
        ([agent("ann")], waiting(requested_agent_id="ann"), "It was transferred to Ann."),
        (
            [agent("ann"), agent("ben", 3)],
            waiting(not_accepted_by=frozenset({"ann"})),
            "No agent of Support with room accepted it: Ann is asked again.",
        ),
        (
            [agent("ann", 2, capacity=5), agent("ben")],
            waiting(avoided_agent_id="ben"),
            "Ann is the only one left of Support: 2 of 5. Ben returned it.",
        ),
        (
            [agent("ann", 2, capacity=5), agent("ben")],
            waiting(avoided_agent_id="ben", avoided_was_silent=True),
            "Ann is the only one left of Support: 2 of 5. Ben did not answer it.",
        ),
        (
            [agent("ann", 2, capacity=5), *(agent(name) for name in ("ben", "cem", "dan", "eve"))],
            waiting(not_accepted_by=frozenset({"ben", "cem", "dan", "eve"})),
            "Ann is the only one left of Support: 2 of 5. Ben, Cem, Dan and 1 more did not accept "
            "it.",
        ),
        (
            [agent("ann", 1), agent("ben", 2), agent("cem")],
            waiting(avoided_agent_id="cem"),
            "Of those of Support who can take it, Ann has the lowest load: 1 of 3. "
            "Cem returned it.",
        ),
        (
            [agent("ann", 1), agent("ben", 2), agent("cem", state=AgentState.away)],
            waiting(),
            "Of those of Support who can take it, Ann has the lowest load: 1 of 3.",
        ),
        (
            [agent("ann"), agent("ben")],
            waiting(),
            "Ann has the lowest load of Support (0 of 3) and nobody has waited longer for a "
            "conversation.",
        ),
    ],
)
def test_a_choice_says_why(centre: list[Candidate], conversation: Waiting, sentence: str) -> None:
    [chosen] = match([conversation], centre, NOON)
    assert explain_choice(chosen, SKILLS).sentence == sentence


def test_everybody_who_was_looked_at_reads_why_not() -> None:
    centre = [
        agent("ann"),
        agent("ben", 2),
        agent("cem", 3),
        agent("dan", state=AgentState.back_soon),
        agent("eve", 1, warm_capacity=1),
        agent("fay"),
        agent("gus"),
        agent("seller", skills=frozenset({"sales"})),
    ]
    conversation = waiting(avoided_agent_id="fay", not_accepted_by=frozenset({"gus"}))
    [chosen] = match([conversation], centre, NOON)
    why = {one.name: one.why for one in explain_choice(chosen, SKILLS).candidates}
    assert why == {
        "Ann": "Chosen.",
        "Ben": "Is busier: 2 of 3.",
        "Cem": "Has no room: 3 of 3.",
        "Dan": "Is back soon.",
        "Eve": "Has just logged in and gets work step by step: 1 of 3.",
        "Fay": "Returned this conversation.",
        "Gus": "Did not accept this conversation.",
    }


def test_a_large_floor_is_counted_and_not_listed() -> None:
    centre = [agent(f"a{number:02}", load=number % 3) for number in range(MOST_CANDIDATES + 5)]
    [chosen] = match([waiting()], centre, NOON)
    explanation = explain_choice(chosen, SKILLS)
    assert len(explanation.candidates) == MOST_CANDIDATES
    assert [one.chosen for one in explanation.candidates] == [True] + [False] * 19
    assert explanation.sentence.endswith(" 5 more agents were looked at.")


@pytest.mark.parametrize(
    ("centre", "conversation", "sentence"),
    [
        ([], waiting(), "Nobody who holds Support is logged in."),
        (
            [agent("ann", state=AgentState.away)],
            waiting(),
            "Nobody who holds Support is online.",
        ),
        ([agent("ann", 3)], waiting(), "Everybody of Support who is online is busy."),
        (
            [agent("ann"), agent("ben", 3)],
            waiting(avoided_agent_id="ann"),
            "The others of Support are busy, and the agent who returned it comes last.",
        ),
        (
            [agent("ann")],
            waiting(not_accepted_by=frozenset({"ann"}), last_offered_at=NOON),
            "No agent of Support with room accepted it. They are asked again in a while.",
        ),
        (
            [],
            waiting(requested_agent_id="ann"),
            "It was transferred to an agent who is not logged in.",
        ),
        (
            [agent("ann", state=AgentState.back_soon)],
            waiting(requested_agent_id="ann"),
            "It was transferred to Ann, who is back soon.",
        ),
        (
            [agent("ann", 3)],
            waiting(requested_agent_id="ann"),
            "It was transferred to Ann, who has no room.",
        ),
        ([], waiting(fallback_skill_id="night"), "Nobody who holds Night is logged in."),
        (
            [],
            waiting(barred_fallback_id="night"),
            "Nobody who holds Support is logged in. It was transferred there, so Night does not "
            "stand in.",
        ),
        (
            [agent("ann"), agent("ben", 3), agent("cem", state=AgentState.away)],
            waiting(avoided_agent_id="ann", avoided_was_silent=True),
            "The others of Support who are online are busy, and the agent who did not answer it "
            "comes last.",
        ),
        (
            [agent("ann"), agent("ben")],
            waiting(
                avoided_agent_id="ann", not_accepted_by=frozenset({"ben"}), last_offered_at=NOON
            ),
            "No agent of Support with room accepted it, and one returned it. They are asked again "
            "in a while.",
        ),
        (
            [agent("ann", 1, warm_capacity=1)],
            waiting(),
            "Everybody of Support who is online is busy, or has just logged in.",
        ),
        (
            [agent("ann", 1, warm_capacity=1)],
            waiting(requested_agent_id="ann"),
            "It was transferred to Ann, who has just logged in and is warming up.",
        ),
    ],
)
def test_a_wait_says_why(centre: list[Candidate], conversation: Waiting, sentence: str) -> None:
    assert explain_wait(centre, conversation, SKILLS, NOON).sentence == sentence


def test_a_fallback_says_which_skill_stands_in() -> None:
    stands_in = explain_fallback(waiting(fallback_skill_id="night"), SKILLS)
    assert stands_in == "Nobody serves Support, so Night stands in."
