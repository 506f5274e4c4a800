"""A bot that serves a skill: what it is asked, what its answers do, and when people take over."""

from datetime import timedelta

import pytest

from domain.bots.answers import AnsweredAction, BotAnswer
from domain.bots.kinds import BotAction
from domain.bots.policy import BotPolicy
from domain.conversation.conversation import Conversation
from domain.conversation.kinds import Author, CloseReason, EventKind, PendingSide, Status
from domain.conversation.state import ConsumerFacts
from domain.errors import BotTurnOver
from domain.hours.open_hours import OpenHours
from domain.policy.policy import Policy
from domain.settings.kinds import TransferTargets
from tests.domain.scenario import ANN, MIA, SALES, SUPPORT, TEN, Scenario, scenario, waiting

ROBO = BotPolicy(id="robo", name="Robo", fallback_skill_id="sales", disclosure="I am a bot.")
SERVED = SUPPORT.model_copy(update={"bot": ROBO, "response_time": timedelta(minutes=30)})
PEOPLE = SALES.model_copy(update={"response_time": timedelta(minutes=30)})
OTHER = SERVED.model_copy(
    update={
        "skill_id": "other",
        "skill_name": "Other",
        "bot": ROBO.model_copy(update={"id": "robi", "name": "Robi", "disclosure": None}),
        "transfers_in_a_row": 3,
    }
)


def served(policy: Policy = SERVED) -> Scenario:
    """Return a conversation whose bot has been asked about `hello`."""
    return waiting(policy)


def answers(
    with_bot: Scenario,
    *texts: str,
    action: BotAction = BotAction.stay,
    to: Policy | None = None,
    notes: str | None = None,
    turn: int | None = None,
) -> None:
    """Have the bot answer, and do what becomes due at once."""
    bot = with_bot.state.bot
    assert bot is not None
    answer = BotAnswer(
        turn=turn or bot.turn,
        texts=texts,
        action=AnsweredAction(kind=action, skill=to.skill_id if to else None),
        notes=notes,
    )

    def act(core: Conversation) -> None:
        core.bots.answered(answer, with_bot.now, target=to)

    with_bot.does(act)


def is_passed_on(with_bot: Scenario, people: Policy | None = PEOPLE) -> None:
    """Do what the workflow does when people are to get it: read their settings, and pass it on."""

    def act(core: Conversation) -> None:
        assert core.bots.people_wanted(with_bot.now) == "sales"
        core.bots.people_read(people)
        core.time_passed(with_bot.now)

    with_bot.does(act)


def notes(with_bot: Scenario) -> list[str]:
    return [one.text for one in with_bot.transcript if one.author is Author.note]


def test_a_conversation_in_a_bots_skill_is_with_the_bot_and_in_no_queue() -> None:
    asked = served()
    assert asked.status is Status.waiting
    assert asked.state.is_with_bot
    assert not asked.events(EventKind.conversation_queued)
    assert asked.state.response_due_at is None
    assert asked.core.bots.question is not None
    assert asked.core.bots.question.turn == 1


def test_its_answer_is_its_own_and_waits_for_the_consumer() -> None:
    asked = served()
    answers(asked, "We open at nine.", "Anything else?")
    assert [(one.author, one.text) for one in asked.messages] == [
        (Author.bot, "I am a bot.\nWe open at nine."),
        (Author.bot, "Anything else?"),
    ]
    assert asked.state.pending_side is PendingSide.consumer
    assert asked.state.waiting_since is None
    asked.texts("And on Sunday?")
    answers(asked, "Closed.")
    assert [one.text for one in asked.messages] == ["Closed."]
    asked.passes(hours=4)
    assert asked.state.close_reason is CloseReason.auto_close


def test_texts_that_come_meanwhile_lead_to_one_further_turn() -> None:
    asked = served()
    for number in range(10):
        asked.texts(f"and {number}")
    assert len(asked.events(EventKind.bot_asked)) == 1
    answers(asked, "Closed on Sunday.", action=BotAction.close)
    assert asked.status is Status.waiting  # the consumer wrote more, so it does not close
    question = asked.core.bots.question
    assert question is not None
    assert question.turn == 2
    heard = [one.position for one in asked.transcript if one.text.startswith("and ")]
    assert question.told < min(heard)
    assert max(heard) <= question.up_to


def test_a_second_or_old_answer_is_dropped_and_leaves_an_event() -> None:
    asked = served()
    answers(asked, "One.")
    answers(asked, "One more.", turn=1)
    assert not asked.messages
    assert len(asked.events(EventKind.bot_answer_dropped)) == 1
    with pytest.raises(BotTurnOver):
        asked.core.bots.check_answer(BotAnswer(turn=1))


def test_people_get_it_at_the_deadline_with_a_note_and_a_deadline_of_their_own() -> None:
    asked = served()
    asked.now += timedelta(seconds=10)
    is_passed_on(asked)
    assert asked.state.skill_id == "sales"
    assert not asked.state.is_with_bot
    assert notes(asked) == ["The bot did not answer within 10 s."]
    assert asked.said == ["transferred_to_skill"]
    assert asked.state.response_due_at == asked.state.waiting_since + timedelta(minutes=30)  # type: ignore[operator]
    assert asked.events(EventKind.conversation_queued)
    answers(asked, "Too late.")
    assert not asked.messages


def test_a_fallback_skill_that_is_gone_leaves_it_to_the_people_of_the_present_skill() -> None:
    asked = served()
    asked.passes(seconds=10)
    assert asked.state.skill_id == "support"
    assert asked.events(EventKind.conversation_queued)


def test_a_bot_asks_for_a_person_with_its_notes() -> None:
    asked = served()
    answers(asked, "I get somebody.", action=BotAction.person, notes="Wants a refund.")
    is_passed_on(asked)
    assert notes(asked) == ["The bot asks for a person.\nWants a refund."]
    assert asked.state.skill_id == "sales"


@pytest.mark.parametrize(
    ("texts", "action", "to", "why"),
    [
        (("x" * 1601,), BotAction.stay, None, "cannot be sent"),
        ((" ",), BotAction.stay, None, "cannot be sent"),
        (("On to sales.",), BotAction.transfer, SALES, "not possible"),
        ((), BotAction.transfer, SERVED, "the skill that it serves"),
    ],
)
def test_of_a_wrong_answer_nothing_is_carried_out(
    texts: tuple[str, ...], action: BotAction, to: Policy | None, why: str
) -> None:
    strict = SERVED.model_copy(update={"transfer_targets": TransferTargets.none})
    asked = served(strict)
    answers(asked, *texts, action=action, to=to, notes="my notes")
    assert not asked.messages
    is_passed_on(asked)
    assert why in notes(asked)[0]
    assert notes(asked)[0].endswith("my notes")


def test_bots_that_transfer_to_each_other_end_with_people() -> None:
    asked = served(SERVED.model_copy(update={"transfers_in_a_row": 3}))
    for turn in range(3):
        to = OTHER if turn % 2 == 0 else SERVED.model_copy(update={"transfers_in_a_row": 3})
        answers(asked, action=BotAction.transfer, to=to)
    assert asked.state.bot is not None
    assert asked.state.bot.name == "Robi"
    answers(asked, action=BotAction.transfer, to=SERVED)
    is_passed_on(asked)
    assert "transferred 3 times" in notes(asked)[-1]


def test_the_loop_guard_counts_turns() -> None:
    once = SERVED.model_copy(update={"bot": ROBO.model_copy(update={"turns": 2})})
    asked = served(once)
    answers(asked, "Yes?")
    asked.texts("more")
    answers(asked, "Yes?")
    asked.texts("more")
    is_passed_on(asked)
    assert "2 turns in a conversation" in notes(asked)[-1]


def test_a_phone_that_answers_by_itself_is_not_answered_by_a_bot() -> None:
    asked = served()
    reply = "I am driving and cannot answer now."
    for _ in range(3):
        if asked.state.bot and asked.state.bot.is_asked:
            answers(asked, "Shall I help you")
        asked.now += timedelta(seconds=2)
        asked.texts(reply)
    assert asked.events(EventKind.phone_answers)
    assert len(asked.events(EventKind.bot_asked)) == 2


def test_a_program_is_never_given_to_a_bot() -> None:
    texted = scenario(SERVED, ConsumerFacts(is_program=True))
    texted.core.state.is_program = True
    texted.texts("Your code is 1234")
    assert not texted.state.is_with_bot


def test_people_take_a_conversation_from_a_bot_at_any_time() -> None:
    asked = served()
    asked.takes_over(MIA)
    assert asked.state.agent_id == "mia"
    assert asked.state.response_due_at is not None
    answers(asked, "Hello!")
    assert not asked.messages
    picked = served()
    picked.picks(ANN)
    assert not picked.state.is_with_bot
    picked.transfers(ANN, SALES)
    assert picked.events(EventKind.conversation_queued)


def test_an_agent_transfers_to_a_bots_skill_and_the_bot_closes_without_a_survey() -> None:
    asked = waiting(SALES)
    asked.routes_to(ANN)
    asked.transfers(ANN, SERVED)
    assert asked.state.is_with_bot
    assert asked.state.agent_id is None
    answers(asked, "Bye.", action=BotAction.close)
    assert asked.status is Status.closed
    assert asked.state.close_reason is CloseReason.bot


def test_an_opt_out_ends_the_turn() -> None:
    asked = served()
    asked.texts("STOP")
    answers(asked, "Hello!")
    assert asked.state.close_reason is CloseReason.opt_out
    assert not [one for one in asked.transcript if one.author is Author.bot]
    assert asked.core.next_deadline is None


def test_a_bot_has_no_working_hours_and_its_people_have() -> None:
    closed = SERVED.model_copy(update={"hours": OpenHours(known_until=TEN + timedelta(days=1))})
    asked = scenario(closed)
    asked.texts("hello")
    assert asked.said == ["first_welcome"]
    asked.now += timedelta(seconds=10)
    is_passed_on(asked, None)
    asked.texts("anybody?")
    assert asked.said == ["off_hours"]


def test_a_manager_who_joined_writes_beside_the_bot() -> None:
    asked = served()
    asked.joins(MIA)
    asked.replies(MIA, "Mia here.")
    answers(asked, "And the bot.")
    assert [one.author for one in asked.messages] == [Author.bot]
    assert asked.state.is_with_bot
    assert asked.state.response_due_at is None
