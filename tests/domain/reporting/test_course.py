"""What figures count: facts that are read from what the rules of conversations say happened."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from database.queries.journal_rows import event_of
from domain.conversation.inputs import Closure
from domain.conversation.kinds import EventKind
from domain.conversation.survey_inputs import UNREAD
from domain.courtesies.reading import courtesy_in
from domain.hours.calendars import Calendar, Period
from domain.reporting.course import facts_of
from domain.reporting.facts import Fact, Told
from domain.reporting.kinds import FactKind
from domain.reporting.local_time import HoursSince, LocalTime
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    SALES,
    SUPPORT,
    TEN,
    Scenario,
    in_survey,
    opened_by_ann,
    waiting,
)

UTC_ALWAYS = LocalTime(ZoneInfo("UTC"))
UNASKED = Closure(asks_rating=False)


def told(talk: Scenario) -> list[Told]:
    state = talk.state.model_copy(update={"id": str(UUID(int=1))})
    events = [event_of(state, effect) for effect in talk.effects]
    return [Told(EventKind(one.kind), one.at, one.agent_id, one.data or {}) for one in events]


def thanks(talk: Scenario) -> None:
    text = replace(talk.incoming("thanks"), courtesy=courtesy_in("thanks"))
    talk.does(lambda core: core.consumer_texted(text, talk.now, UNREAD))


def facts(talk: Scenario, clock: LocalTime = UTC_ALWAYS) -> list[Fact]:
    return facts_of(told(talk), clock)


def of(talk: Scenario, kind: FactKind) -> list[Fact]:
    return [fact for fact in facts(talk) if fact.kind is kind]


def seconds(talk: Scenario, kind: FactKind) -> list[int | None]:
    return [fact.value for fact in of(talk, kind)]


def test_an_ordinary_conversation_is_opened_assigned_answered_and_closed() -> None:
    talk = waiting()
    talk.passes(minutes=2)
    talk.routes_to(ANN)
    talk.passes(minutes=1)
    talk.replies(ANN)
    talk.passes(minutes=5)
    talk.texts("Where is it?")
    talk.texts("I mean my order")
    talk.passes(minutes=4)
    talk.replies(ANN)
    talk.closes(ANN, UNASKED)
    assert [fact.detail for fact in of(talk, FactKind.opened)] == ["consumer"]
    assert seconds(talk, FactKind.assignment_wait) == [120]
    assert seconds(talk, FactKind.first_message) == [60]
    assert seconds(talk, FactKind.first_response) == [180]
    assert seconds(talk, FactKind.response) == [180, 240], "of the first unanswered text"
    assert seconds(talk, FactKind.consumer_response) == [300]
    assert seconds(talk, FactKind.duration) == [720]
    assert [(fact.detail, fact.agent_id) for fact in of(talk, FactKind.closed)] == [
        ("agent", "ann")
    ]
    counted = Counter(fact.kind for fact in facts(talk))
    assert counted[FactKind.handled] == counted[FactKind.interactive] == 1
    assert not counted[FactKind.abandoned]
    assert {fact.skill_id for fact in facts(talk)} == {"support"}


def test_the_skill_that_is_left_and_whoever_transfers_own_the_transfer() -> None:
    talk = waiting()
    talk.routes_to(ANN)
    talk.replies(ANN)
    talk.transfers(ANN, SALES)
    talk.passes(minutes=3)
    talk.routes_to(BEN)
    talk.passes(minutes=2)
    talk.replies(BEN)
    talk.returns(BEN)
    talk.picks(MIA)
    talk.closes(MIA, UNASKED)
    owned = [(one.detail, one.agent_id, one.skill_id) for one in of(talk, FactKind.transfer)]
    assert owned == [("skill", "ann", "support"), ("queue", "ben", "sales")]
    waits = [(one.value, one.skill_id) for one in of(talk, FactKind.assignment_wait)]
    assert waits == [(0, "support"), (180, "sales"), (0, "sales")]
    firsts = [(one.detail, one.agent_id, one.value) for one in of(talk, FactKind.first_message)]
    assert firsts == [("new", "ann", 0), ("transferred", "ben", 120)]
    handled = [(one.agent_id, one.is_of_agent) for one in of(talk, FactKind.handled)]
    assert handled == [("ann", False), ("ben", True), ("mia", True)], "the conversation counts once"


def test_shares_of_what_closed_belong_to_whoever_closed_it() -> None:
    talk = waiting()
    talk.routes_to(BEN)
    talk.replies(BEN)
    talk.texts("Thank you, but where is it?")
    talk.closes(MIA, UNASKED)
    left = waiting()
    left.routes_to(BEN)
    left.closes(MIA, UNASKED)
    for one, share in ((talk, FactKind.interactive), (left, FactKind.abandoned)):
        owners = {fact.kind: fact.agent_id for fact in facts(one)}
        assert owners[share] == owners[FactKind.closed] == "mia", share
        assert owners[FactKind.duration] == "ben"


def test_another_skill_has_handled_a_conversation_too_once() -> None:
    talk = waiting()
    talk.routes_to(ANN)
    talk.replies(ANN)
    talk.transfers(ANN, SALES)
    assert not of(talk, FactKind.handled_again), "nobody has written there"
    talk.routes_to(BEN)
    talk.replies(BEN)
    talk.replies(BEN)
    talk.transfers(BEN, SUPPORT)
    talk.routes_to(ANN)
    talk.replies(ANN)
    talk.transfers(ANN, SALES)
    talk.routes_to(ANN)
    talk.closes(ANN, UNASKED)
    assert [one.skill_id for one in of(talk, FactKind.handled) if not one.is_of_agent] == [
        "support"
    ]
    again = [(one.skill_id, one.agent_id) for one in of(talk, FactKind.handled_again)]
    assert again == [("sales", None)]


def test_nobody_answered_is_abandoned_unless_we_began() -> None:
    left = waiting()
    left.passes(hours=5)
    left.closes(MIA, UNASKED)
    assert [fact.agent_id for fact in of(left, FactKind.abandoned)] == ["mia"]
    ours = opened_by_ann()
    assert [(one.detail, one.agent_id) for one in of(ours, FactKind.opened)] == [("agent", "ann")]
    ours.closes(ANN, UNASKED)
    assert not of(ours, FactKind.abandoned)
    assert not of(ours, FactKind.first_response)
    refused = Scenario(waiting().core)
    refused.texts("STOP")
    assert [one.detail for one in of(refused, FactKind.closed)] == ["opt_out"]


def test_thanks_starts_no_wait_and_automatic_messages_answer_nobody() -> None:
    talk = waiting()
    talk.routes_to(ANN)
    talk.passes(minutes=1)
    talk.replies(ANN, "It is on its way.")
    talk.passes(minutes=1)
    thanks(talk)
    talk.passes(minutes=30)
    talk.texts("And the other one?")
    talk.passes(minutes=2)
    talk.replies(ANN)
    assert seconds(talk, FactKind.response) == [60, 120]
    automatic = of(talk, FactKind.automatic)
    assert automatic
    assert sum(fact.times for fact in automatic) == len(
        [one for one in talk.transcript if one.automatic]
    )
    written = {fact.kind: fact.times for fact in facts(talk) if fact.agent_id == "ann"}
    assert written[FactKind.text_out] == 2


def test_answers_count_as_in_time_by_the_deadline_they_had() -> None:
    policy = SUPPORT.model_copy(update={"response_time": timedelta(minutes=10)})
    talk = waiting(policy)
    talk.routes_to(ANN)
    talk.passes(minutes=9)
    talk.replies(ANN)
    talk.texts("And?")
    talk.passes(minutes=11)
    talk.replies(ANN)
    assert [fact.detail for fact in of(talk, FactKind.deadline)] == ["kept", "missed"]
    without = waiting()
    without.routes_to(ANN)
    without.replies(ANN)
    assert not of(without, FactKind.deadline)


def test_a_rating_belongs_to_the_agent_and_skill_at_the_closing() -> None:
    talk = in_survey()
    talk.passes(minutes=1)
    talk.texts("5")
    [asked], [rated], [good] = (
        of(talk, kind) for kind in (FactKind.survey_asked, FactKind.rated, FactKind.satisfied)
    )
    assert {(one.agent_id, one.skill_id) for one in (asked, rated, good)} == {("ann", "support")}
    assert (rated.value, rated.detail) == (5, "one_to_five")
    assert seconds(talk, FactKind.response) == [0], "the rating waits for no answer"


def test_what_became_of_texts_counts_when_they_were_written() -> None:
    talk = waiting()
    talk.routes_to(ANN)
    talk.replies(ANN)
    [reply] = [one for one in talk.transcript if one.agent_id == "ann"]
    later = TEN + timedelta(days=1)
    reports = [
        Told(
            EventKind.message_status, later, None, {"message_id": reply.message_id, "status": word}
        )
        for word in ("sent", "delivered")
    ]
    found = facts_of([*told(talk), *reports], UTC_ALWAYS)
    [delivered] = [one for one in found if one.detail == "delivered"]
    assert (delivered.at, delivered.times, delivered.agent_id) == (TEN, 1, "ann")


def test_working_hours_are_those_that_held_when_the_wait_began() -> None:
    nine_to_five = Calendar("Europe/Berlin", ((Period(9 * 60, 17 * 60),),) * 7)
    mornings = Calendar("Europe/Berlin", ((Period(9 * 60, 12 * 60),),) * 7)
    changed = [HoursSince(TEN - timedelta(days=9), mornings), HoursSince(TEN, nine_to_five)]
    clock = LocalTime(ZoneInfo("Europe/Berlin"), {None: changed})
    talk = waiting()
    talk.routes_to(ANN)
    talk.passes(hours=3)
    talk.passes(hours=20)
    talk.replies(ANN)
    [response] = [one for one in facts(talk, clock) if one.kind is FactKind.response]
    # From eleven to five in Berlin, and an hour on the next morning.
    assert (response.value, response.worked) == (23 * 3600, 7 * 3600)


def test_time_in_a_queue_is_cut_where_hours_of_the_account_begin() -> None:
    talk = waiting()
    talk.passes(minutes=50)
    talk.routes_to(ANN)
    clock = LocalTime(ZoneInfo("Asia/Kolkata"))
    pieces = [one for one in facts(talk, clock) if one.kind is FactKind.queued]
    assert [(one.at - TEN, one.value) for one in pieces] == [
        (timedelta(), 1800),
        (timedelta(minutes=30), 1200),
    ]


def test_every_beginning_of_a_conversation_has_its_facts_and_they_only_grow() -> None:
    talk = waiting()
    talk.routes_to(ANN)
    talk.replies(ANN)
    talk.transfers(ANN, SALES)
    talk.routes_to(BEN)
    talk.replies(BEN)
    talk.closes(BEN, UNASKED)
    events = told(talk)
    before: Counter[Fact] = Counter()
    for count in range(len(events) + 1):
        counts = (FactKind.text_out, FactKind.automatic, FactKind.text_in, FactKind.delivery)
        now = Counter(one for one in facts_of(events[:count], UTC_ALWAYS) if one.kind not in counts)
        assert not before - now
        before = now
