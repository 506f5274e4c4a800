"""What bots do in any order of events: they answer rightly or wrongly, late, or not at all."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.bots.answers import AnsweredAction, BotAnswer, wrong
from domain.bots.kinds import BotAction
from domain.bots.policy import BotPolicy
from domain.conversation.conversation import Conversation
from domain.policy.policy import Policy
from domain.text.limits import OUTGOING
from tests.domain.conversation.test_timers import timed
from tests.domain.expectation import Expectation
from tests.domain.scenario import SALES, SUPPORT

AGENT_TEXTS = st.sampled_from(["Hi", "Hi", "x" * OUTGOING, "", "x" * (OUTGOING + 1)])
SELDOM = st.sampled_from([False, False, False, False, True])
SERVED = timed(SUPPORT, auto_close_warning=60, consumer_silent=200).model_copy(
    update={
        "skill_id": "served",
        "response_time": timedelta(minutes=30),
        "transfers_in_a_row": 3,
        "bot": BotPolicy(
            id="robo", name="Robo", fallback_skill_id="sales", turns=8, disclosure="!"
        ),
    }
)
TARGETS = st.sampled_from([None, None, SALES, SERVED])


class BotRules(Expectation):
    """The rules of bots, for conversations that one may serve."""

    @precondition(lambda self: self.core.state.is_with_bot)
    @rule(
        texts=st.lists(AGENT_TEXTS, max_size=2),
        kind=st.sampled_from(BotAction),
        to=TARGETS,
        late=SELDOM,
    )
    def bot_answers(self, texts: list[str], kind: BotAction, to: Policy | None, late: bool) -> None:
        bot = self.core.state.bot
        assert bot is not None
        self.wrote_meanwhile = bot.has_more
        answer = BotAnswer(
            turn=bot.turn - late,
            texts=tuple(texts),
            action=AnsweredAction(kind=kind, skill=to.skill_id if to else "nowhere"),
        )
        assert self.step(lambda core: core.bots.answered(answer, self.now, target=to))
        self._do_what_is_due()

    @precondition(lambda self: self.core.state.is_with_bot)
    @rule(people=st.sampled_from([SALES, None]))
    def bot_fails(self, people: Policy | None) -> None:
        bot = self.core.state.bot
        assert bot is not None
        failure = wrong("No JSON.")
        assert self.step(lambda core: core.bots.failed(bot.turn, failure, self.now))

        def pass_on(core: Conversation) -> None:
            core.bots.people_read(people)
            core.time_passed(self.now)

        assert self.step(pass_on)
        self._do_what_is_due()
        assert not self.core.state.is_with_bot or not self.core.state.bot.is_asked  # type: ignore[union-attr]
