"""Each of our texts says when that came which it answers; after a restore, its mark follows."""

from datetime import datetime, timedelta

from domain.bots.kinds import BotAction
from domain.conversation.state import ConversationState
from tests.domain.conversation.test_bots import SERVED, answers, is_passed_on, served
from tests.domain.conversation.test_timers import at, timed
from tests.domain.scenario import (
    ANN,
    BEN,
    SUPPORT,
    TEN,
    Scenario,
    answered,
    waiting,
    with_ann,
    with_texts,
)

LATE = timedelta(hours=2)


def prompted(told: Scenario) -> list[datetime | None]:
    """Return it of the texts of the last step that leave, which are not none."""
    found = [one.prompted_at for one in told.messages if one.is_to_send]
    assert found
    return found


def passes_at(late: Scenario, minute: float) -> None:
    """Have nobody work until so many minutes after ten, and then see to one deadline."""
    late.now = at(minute)
    late.does(lambda core: core.time_passed(late.now))


def test_a_timed_text_says_when_it_was_due_however_late_it_is() -> None:
    late = answered(timed(consumer_silent=30))
    passes_at(late, 70)
    assert (late.said, prompted(late)) == (["consumer_silent"], [at(30)])


def test_of_several_deadlines_that_passed_each_text_says_its_own() -> None:
    late = answered(timed(consumer_silent=30, auto_close_warning=60))
    passes_at(late, 200)
    first = (late.said, prompted(late))
    passes_at(late, 200)
    assert first == (["consumer_silent"], [at(30)])
    assert (late.said, prompted(late)) == (["auto_close_warning"], [at(180)])


def test_a_closing_text_says_when_silence_closed_it() -> None:
    late = answered(with_texts(SUPPORT, auto_closed="Goodbye."))
    passes_at(late, 600)
    assert (late.said, prompted(late)) == (["auto_closed"], [at(240)])


def test_a_scheduled_text_says_when_it_was_due() -> None:
    late = answered()
    late.texts("Please do.")
    late.schedules(ANN, minutes=30)
    passes_at(late, 70)
    assert prompted(late) == [at(30)]


def test_a_reply_and_what_follows_from_it_come_now() -> None:
    told = with_ann()
    told.replies(ANN)
    assert prompted(told) == [None]
    told.closes(ANN)
    assert set(prompted(told)) == {None}


def test_answers_to_a_text_say_when_it_was_sent() -> None:
    told = waiting()
    assert set(prompted(told)) == {TEN}
    told.now = at(300)
    told.texts("HELP", late=LATE)
    assert prompted(told) == [at(180)]


def test_an_agent_is_announced_for_the_text_or_the_deadline_that_the_wait_began_with() -> None:
    told = waiting()
    told.now = at(5)
    told.routes_to(ANN)
    assert prompted(told) == [TEN]
    told.returns(ANN)
    told.now = at(20)
    told.routes_to(BEN)
    assert prompted(told) == [at(5)]


def test_the_wait_of_an_older_release_counts_from_its_beginning() -> None:
    told = waiting()
    told.state.wait_prompted_at = None
    told.now = at(5)
    told.routes_to(ANN)
    assert prompted(told) == [TEN]


def test_a_bots_answer_and_what_follows_say_when_the_text_came_that_it_was_asked_about() -> None:
    asked = served()
    asked.now = at(3)
    asked.texts("And on Sundays?")
    answers(asked, "We open at nine.")
    assert prompted(asked) == [TEN]
    asked.now = at(5)
    answers(asked, "Closed on Sundays.", action=BotAction.close)
    assert set(prompted(asked)) == {at(3)}


def test_people_behind_a_bot_are_announced_for_the_text_that_it_was_asked_about() -> None:
    asked = served()
    asked.now = at(3)
    answers(asked, action=BotAction.person)
    is_passed_on(asked)
    assert prompted(asked) == [TEN]
    asked.now = at(30)
    asked.routes_to(ANN)
    assert prompted(asked) == [TEN]


def test_a_bot_that_was_asked_by_an_older_release_answers_what_came_before_it_was_asked() -> None:
    asked = served(SERVED)
    bot = asked.state.bot
    assert bot is not None
    bot.texted_at = bot.prompted_at = None
    asked.now = at(3)
    answers(asked, "We open at nine.")
    assert prompted(asked) == [TEN]


def test_a_state_of_an_older_release_is_read() -> None:
    known = served().state.model_dump(mode="json")
    del known["wait_prompted_at"], known["bot"]["prompted_at"], known["bot"]["texted_at"]
    assert ConversationState.model_validate(known).bot is not None
