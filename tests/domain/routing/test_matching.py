"""The router's rules: who is served first, and by whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.people.roles import AgentState
from domain.routing.kinds import CapacityMode
from domain.routing.matching import Candidate, Waiting, choose, eligible, in_order, match, stand_ins

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def waiting(name: str = "c1", minutes: int = 0, **more: object) -> Waiting:
    entered = NOON + timedelta(minutes=minutes)
    return replace(Waiting(name, 1, "support", entered), **more)  # type: ignore[arg-type]


def agent(name: str, load: int = 0, *, capacity: int = 3, idle: int | None = 0) -> Candidate:
    """Return an agent of support who got work last `idle` minutes ago; None: never."""
    last = None if idle is None else NOON - timedelta(minutes=idle)
    return Candidate(name, name.title(), frozenset({"support"}), capacity, load, last)


def due(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("queue", "served"),
    [
        ([waiting("2", 5), waiting("1", 1)], "12"),
        ([waiting("b"), waiting("a")], "ab"),
        ([waiting("2", 5, due_at=due(4)), waiting("1", 9, due_at=due(3))], "12"),
        ([waiting("2", 0, due_at=due(9)), waiting("1", 1, due_at=due(-9))], "12"),
        ([waiting("2", 5, due_at=due(99)), waiting("1", 6)], "12"),
        ([waiting("2", 5, due_at=due(30)), waiting("1", 30, due_at=due(30))], "21"),
    ],
    ids=["age", "id", "deadline", "overdue", "no deadline: as due when it came", "same deadline"],
)
def test_a_queue_is_served_by_deadline_and_without_one_by_age(
    queue: list[Waiting], served: str
) -> None:
    assert "".join(one.conversation_id for one in in_order(queue)) == served


@pytest.mark.parametrize(
    ("queue", "served"),
    [
        ([waiting("old", 0), waiting("urgent", 9, priority=10)], ["urgent", "old"]),
        ([waiting("old", 0), waiting("urgent", 11, priority=10)], ["old", "urgent"]),
        ([waiting("later", 0, priority=-10), waiting("new", 9)], ["new", "later"]),
        ([waiting("later", 0, priority=-10), waiting("new", 11)], ["later", "new"]),
        (
            [
                waiting("plain", 0, due_at=due(60)),
                waiting("urgent", 9, due_at=due(69), priority=10),
            ],
            ["urgent", "plain"],
        ),
        (
            [
                waiting("plain", 0, due_at=due(60)),
                waiting("urgent", 9, due_at=due(71), priority=10),
            ],
            ["plain", "urgent"],
        ),
        (
            [waiting("overdue", 0, due_at=due(-30)), waiting("new", 1, due_at=due(5), priority=5)],
            ["overdue", "new"],
        ),
    ],
)
def test_priority_counts_in_minutes_with_deadlines_and_without(
    queue: list[Waiting], served: list[str]
) -> None:
    assert [one.conversation_id for one in in_order(queue)] == served


def test_nobody_starves_behind_whoever_comes_later_with_priority() -> None:
    late = [waiting(f"urgent {minute}", minute, priority=10) for minute in range(60)]
    served = [one.conversation_id for one in in_order([*late, waiting("plain", 0, priority=0)])]
    assert served.index("plain") == 10


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([], None),
        ([agent("full", 3)], None),
        ([agent("closed", 0, capacity=0)], None),
        ([agent("busy", 2), agent("free", 1)], "free"),
        ([agent("one-of-two", 1, capacity=2), agent("two-of-ten", 2, capacity=10)], "two-of-ten"),
        ([agent("just-served", idle=1), agent("long-idle", idle=30)], "long-idle"),
        ([agent("served", idle=30), agent("never-served", idle=None)], "never-served"),
        ([agent("b"), agent("a")], "a"),
    ],
)
def test_the_agent_with_the_lowest_load_ratio_and_the_longest_pause_is_chosen(
    candidates: list[Candidate], chosen: str | None
) -> None:
    choice = choose(candidates, waiting(), NOON)
    assert (choice.agent_id if choice else None) == chosen


def test_only_agents_of_the_skill_are_eligible() -> None:
    seller = replace(agent("seller"), skills=frozenset({"sales"}))
    assert eligible([seller, agent("ann")], waiting()) == [agent("ann")]
    assert choose([seller], waiting(), NOON) is None


def test_a_transfer_to_an_agent_goes_to_nobody_else_and_needs_no_skill() -> None:
    seller = replace(agent("seller"), skills=frozenset({"sales"}))
    wanted = waiting(requested_agent_id="seller")
    assert choose([agent("ann"), seller], wanted, NOON) == seller
    assert choose([agent("ann")], wanted, NOON) is None
    assert choose([agent("ann"), replace(seller, load=3)], wanted, NOON) is None


def test_after_a_return_to_the_queue_a_different_agent_is_tried_first() -> None:
    returned = waiting(avoided_agent_id="ann")
    assert choose([agent("ann"), agent("ben", 2)], returned, NOON) == agent("ben", 2)
    assert choose([agent("ann"), agent("ben", 3)], returned, NOON) is None, (
        "ben is online: wait for ben"
    )
    assert choose([agent("ann")], returned, NOON) == agent("ann"), "there is nobody else"


def test_each_choice_counts_towards_the_next() -> None:
    queue = [waiting(f"c{number}", number) for number in range(7)]
    matches = match(queue, [agent("ann", 1, idle=9), agent("ben", idle=3)], NOON)
    assert [(one.waiting.conversation_id, one.agent.agent_id) for one in matches] == [
        ("c0", "ben"),
        ("c1", "ann"),
        ("c2", "ben"),
        ("c3", "ann"),
        ("c4", "ben"),
    ]


def test_who_cannot_be_served_holds_nobody_up() -> None:
    queue = [waiting("sale", 0, skill_id="sales"), waiting("support", 5)]
    matches = match(queue, [agent("ann")], NOON)
    assert [one.waiting.conversation_id for one in matches] == ["support"]


def test_who_is_not_online_gets_nothing() -> None:
    away = replace(agent("ann"), state=AgentState.away)
    assert choose([away], waiting(), NOON) is None
    assert choose([away], waiting(requested_agent_id="ann"), NOON) is None
    assert choose([away, agent("ben", 3)], waiting(avoided_agent_id="ben"), NOON) is None


def test_whom_the_consumer_had_last_comes_before_a_lower_load() -> None:
    again = waiting(last_agent_id="ann")
    assert choose([agent("ann", 2), agent("ben")], again, NOON) == agent("ann", 2)
    assert choose([agent("ann", 3), agent("ben")], again, NOON) == agent("ben"), "she is busy"
    seller = replace(agent("ann"), skills=frozenset({"sales"}))
    assert choose([seller, agent("ben")], again, NOON) == agent("ben"), "she lacks the skill"


def test_who_let_it_pass_is_asked_again_only_when_nobody_else_can_and_not_at_once() -> None:
    passed = waiting(
        not_accepted_by=frozenset({"ann"}), last_offered_at=NOON - timedelta(seconds=59)
    )
    assert choose([agent("ann"), agent("ben", 2)], passed, NOON) == agent("ben", 2)
    assert choose([agent("ann"), agent("ben", 3)], passed, NOON) is None
    later = NOON + timedelta(seconds=1)
    assert choose([agent("ann"), agent("ben", 3)], passed, later) == agent("ann")
    assert choose([agent("ann"), agent("ben", 2)], passed, later) == agent("ben", 2)


def test_a_requested_agent_who_does_not_accept_is_waited_for_no_longer() -> None:
    passed = waiting(
        requested_agent_id="mia", not_accepted_by=frozenset({"mia"}), last_offered_at=NOON
    )
    mia = replace(agent("mia"), skills=frozenset({"sales"}))
    assert choose([mia, agent("ann")], passed, NOON) == agent("ann")
    assert choose([mia], passed, NOON) is None


def test_by_weight_idle_conversations_leave_room_for_more() -> None:
    ann = replace(agent("ann"), load=2.5, mode=CapacityMode.weighted)
    assert choose([ann], waiting(), NOON) == ann
    assert choose([replace(ann, load=2.6)], waiting(), NOON) is None
    assert choose([replace(ann, mode=CapacityMode.plain, load=3)], waiting(), NOON) is None


def test_who_has_just_come_gets_work_little_by_little() -> None:
    ann = replace(agent("ann"), warm_capacity=1)
    assert len(match([waiting("a"), waiting("b", 1)], [ann], NOON)) == 1
    warmer = replace(ann, warm_capacity=2)
    assert len(match([waiting("a"), waiting("b", 1)], [warmer], NOON)) == 2


@pytest.mark.parametrize(
    ("staffed", "stands_in"),
    [
        (["night", "day", "all"], {}),
        (["day", "all"], {"night": "day"}),
        (["all"], {"night": "all", "day": "all"}),
        (["night"], {}),
        ([], {}),
    ],
)
def test_a_chain_of_fallbacks_ends_at_the_first_skill_with_somebody(
    staffed: list[str], stands_in: dict[str, str]
) -> None:
    assert stand_ins({"night": "day", "day": "all", "all": None}, staffed) == stands_in


def test_a_loop_of_fallbacks_ends() -> None:
    assert stand_ins({"a": "b", "b": "a", "c": "c"}, []) == {}


def test_a_fallback_skill_stands_in_for_the_conversations_own() -> None:
    night = waiting(skill_id="night", fallback_skill_id="support")
    assert choose([agent("ann")], night, NOON) == agent("ann")
    assert choose([replace(agent("ann"), skills=frozenset({"night"}))], night, NOON) is None


names = some.sampled_from(["ann", "ben", "eve", "dan"])
queues = some.lists(
    some.builds(
        Waiting,
        conversation_id=some.uuids().map(str),
        ticket=some.just(1),
        skill_id=some.sampled_from(["support", "sales"]),
        entered_at=some.integers(0, 60).map(lambda minute: NOON + timedelta(minutes=minute)),
        priority=some.integers(-20, 20),
        requested_agent_id=some.none() | names,
        avoided_agent_id=some.none() | names,
        due_at=some.none() | some.integers(0, 60).map(due),
        not_accepted_by=some.frozensets(names),
        last_agent_id=some.none() | names,
        fallback_skill_id=some.none() | some.just("sales"),
    ),
    max_size=20,
    unique_by=lambda one: one.conversation_id,
)
floors = some.lists(
    some.builds(
        Candidate,
        agent_id=names,
        name=some.just("Somebody"),
        skills=some.frozensets(some.sampled_from(["support", "sales"])),
        capacity=some.integers(0, 4),
        load=some.integers(0, 5),
        state=some.sampled_from(AgentState),
        mode=some.just(CapacityMode.plain) | some.just(CapacityMode.weighted),
    ),
    max_size=4,
    unique_by=lambda one: one.agent_id,
)


@given(queues, floors)
def test_nobody_is_served_twice_or_over_capacity_and_nobody_waits_for_nothing(
    queue: list[Waiting], centre: list[Candidate]
) -> None:
    matches = match(queue, centre, NOON)
    served = [one.waiting.conversation_id for one in matches]
    assert len(served) == len(set(served))
    given_to = [one.agent.agent_id for one in matches]
    after = [replace(one, load=one.load + given_to.count(one.agent_id)) for one in centre]
    for before, now in zip(centre, after, strict=True):
        assert now.load == before.load or now.load <= now.capacity
        assert now.load == before.load or now.is_online
    for one in queue:
        assert one.conversation_id in served or choose(after, one, NOON) is None
