"""A bot that serves a skill: when it is asked, what its answer does, and when people take over.

While a conversation is with a bot it has the status `waiting`, but stands in no queue and no
response clock runs. A turn is asked when the consumer writes; what they write meanwhile leads to
one further turn. The first answer to the running turn counts. Without one, people get the
conversation at the turn's deadline.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.bots.answers import UNKNOWN_SKILL, BotAnswer, BotFailure, checked, wrong
from domain.bots.kinds import BotAction, BotProblem
from domain.bots.policy import BotPolicy
from domain.conversation import response_clock
from domain.conversation.bot_state import BotQuestion, BotState
from domain.conversation.closing import Closing
from domain.conversation.kinds import Author, CloseReason, EventKind, PendingSide
from domain.conversation.queueing import Queueing
from domain.conversation.step_context import StepContext
from domain.conversation.transfer_rules import (
    adopt,
    announce,
    check_circles,
    check_target,
)
from domain.errors import BotAnswerUnfit, BotTurnOver, TransferRefused
from domain.policy.policy import Policy
from domain.text.limits import OUTGOING, cut_outgoing, units
from domain.text.questions import has_question_mark

MINUTE = timedelta(minutes=1)
LATE = "The bot did not answer within {seconds} s."
ASKED = "The bot asks for a person."
SPENT = "The bot has reached its limit: {limit}."
ALREADY_THERE = "The bot asked for a transfer to the skill that it serves."
GONE = "The skill is no longer served by this bot."
NOT_THERE = "The bot asked for a transfer that is not possible: {why}"


class Bots:
    """Asks the skill's bot, carries out its answers, and passes conversations to people."""

    def __init__(self, conversation: StepContext, queue: Queueing, closing: Closing) -> None:
        self._conversation = conversation
        self._queue = queue
        self._closing = closing
        self._people: Policy | None = None
        """The settings of the people behind the bot, read for the passing on that is due."""

    # Asking

    def enter(self, now: datetime, *, since: datetime | None = None) -> None:
        """Give the conversation to the skill's bot, or let it enter the queue.

        A program, or a phone that answers by itself, is never given to a bot.
        """
        state, bot = self._conversation.state, self._conversation.policy.bot
        if bot is None or state.is_program or state.answers_by_itself:
            self._queue.enter(now, since=since)
            return
        known = state.bot or BotState(id=bot.id, name=bot.name)
        self._queue.stand_aside(now)
        response_clock.stop(state)
        same = known.id == bot.id
        state.bot = known.model_copy(
            update={
                **{"id": bot.id, "name": bot.name, "is_talking": True, "failure": None},
                "has_disclosed": known.has_disclosed and same,
                "texted_at": self._conversation.prompted_at,
            }
        )
        self._conversation.happened(
            EventKind.given_to_bot, now, bot_id=bot.id, bot=bot.name, skill_id=state.skill_id
        )
        self._ask(state.bot, now)

    def texted(self, now: datetime) -> None:
        """Ask the bot about the consumer's new text, or once the running turn is answered."""
        known = self._conversation.state.bot
        if known is None or not known.is_talking:
            return
        known.texted_at = self._conversation.prompted_at
        if known.asked_at or known.failure:
            known.has_more = True
        else:
            self._ask(known, now)

    @property
    def question(self) -> BotQuestion | None:
        """Return the turn that waits for an answer; None: none does."""
        state = self._conversation.state
        known = state.bot
        if known is None or not known.is_asked or known.late_at is None:
            return None
        return BotQuestion(
            conversation_id=state.id,
            bot_id=known.id,
            turn=known.turn,
            told=known.told,
            up_to=known.up_to,
            late_at=known.late_at,
        )

    def _ask(self, known: BotState, now: datetime) -> None:
        bot = self._conversation.policy.bot
        known.recent = [at for at in known.recent if at > now - MINUTE]
        known.has_more, known.asked_at, known.prompted_at = False, now, known.texted_at or now
        if bot is None:  # the settings were read again, for another language
            self._fail(known, BotFailure(problem=BotProblem.gone, why=GONE), now)
            return
        if limit := _spent(known, bot):
            failure = BotFailure(problem=BotProblem.spent, why=SPENT.format(limit=limit))
            self._fail(known, failure, now)
            return
        known.recent.append(now)
        known.turn += 1
        known.late_at = now + bot.deadline
        known.told, known.up_to = known.up_to, self._conversation.state.message_count
        self._conversation.happened(
            EventKind.bot_asked,
            now,
            bot_id=known.id,
            turn=known.turn,
            ends_at=known.late_at.isoformat(),
        )

    # Answers

    def check_answer(self, answer: BotAnswer) -> None:
        """Raise the error that would refuse an answer by the API, and change nothing.

        A bot that is told so may answer again until its deadline.
        """
        known = self._conversation.state.bot
        if known is None or not known.is_asked or known.turn != answer.turn:
            raise BotTurnOver
        read = checked(answer, known.turn)
        if isinstance(read, BotFailure):
            raise BotAnswerUnfit(read.why)

    def transfer_wanted(self, answer: BotAnswer) -> str | None:
        """Return the skill whose settings are needed to carry an answer out; None: none are."""
        action, known = answer.action, self._conversation.state.bot
        is_running = known is not None and known.is_asked and known.turn == answer.turn
        return action.skill if is_running and action.kind is BotAction.transfer else None

    def answered(
        self,
        answer: BotAnswer,
        now: datetime,
        *,
        target: Policy | None = None,
        key: str | None = None,
    ) -> None:
        """Carry out an answer: all of it, or nothing of one that is wrong.

        `target`: the skill of a transfer, None if it does not exist. An answer to another turn than
        the running one only leaves an event.
        """
        known = self._conversation.state.bot
        if known is None or not known.is_asked or known.turn != answer.turn:
            self._dropped(answer.turn, now)
            return
        read = checked(answer, known.turn)
        if not isinstance(read, BotFailure):
            read = self._refusal(read, target) or read
        if isinstance(read, BotFailure):
            self._fail(known, read, now)
            return
        self._conversation.prompted_at = known.prompted_at or known.asked_at
        known.asked_at = known.late_at = None
        self._conversation.happened(
            EventKind.bot_answered,
            now,
            command_key=key,
            bot_id=known.id,
            turn=known.turn,
            texts=len(read.texts),
            action=read.action.kind.value,
        )
        self._write(known, read.texts, now)
        self._act(known, read, target, now)

    def failed(self, turn: int, failure: BotFailure, now: datetime) -> bool:
        """Pass the conversation to people, because the running turn gets no answer.

        Returns False, and does nothing, for another turn.
        """
        known = self._conversation.state.bot
        if known is None or not known.is_asked or known.turn != turn:
            return False
        self._fail(known, failure, now)
        return True

    def _refusal(self, answer: BotAnswer, target: Policy | None) -> BotFailure | None:
        """Return why the action of an answer cannot be carried out; None: it can."""
        if answer.action.kind is not BotAction.transfer:
            return None
        if target is None:
            return wrong(UNKNOWN_SKILL, answer.notes)
        conversation = self._conversation
        if target.skill_id == conversation.state.skill_id:
            return wrong(ALREADY_THERE, answer.notes)
        try:
            check_circles(conversation.state, conversation.policy)
            check_target(conversation.policy, target.skill_id)
        except TransferRefused as error:
            return wrong(NOT_THERE.format(why=error.detail), answer.notes)
        return None

    def _act(
        self, known: BotState, answer: BotAnswer, target: Policy | None, now: datetime
    ) -> None:
        kind = answer.action.kind
        if kind is BotAction.person:
            failure = BotFailure(problem=BotProblem.asked, why=ASKED, notes=answer.notes)
            self._fail(known, failure, now)
            return
        if answer.notes:
            self._note(known, answer.notes, now)
        if kind is BotAction.transfer and target:
            self._transfer(known, target, now)
        elif known.has_more:  # they wrote before this answer, so it closes nothing
            self._ask(known, now)
        elif kind is BotAction.close:
            self._closing.close(CloseReason.bot, now)

    def _transfer(self, known: BotState, target: Policy, now: datetime) -> None:
        conversation = self._conversation
        known.end()
        adopt(conversation, target, f"{known.name} transferred it to {target.skill_name}.")
        self._queue.expect_answer(now, again=True)
        conversation.happened(
            EventKind.conversation_transferred,
            now,
            bot_id=known.id,
            bot=known.name,
            skill_id=target.skill_id,
        )
        announce(conversation, now)
        conversation.state.transfers_in_a_row += 1
        self.enter(now)
        conversation.state.may_fall_back = False

    def _write(self, known: BotState, texts: Sequence[str], now: datetime) -> None:
        state, bot = self._conversation.state, self._conversation.policy.bot
        texts = _disclosed(texts, bot.disclosure if bot and not known.has_disclosed else None)
        for text in texts:
            self._conversation.write_as_bot(Author.bot, text, now, known)
        known.texts += len(texts)
        known.has_disclosed = known.has_disclosed or bool(texts)
        if not known.has_more:
            state.pending_side, state.waiting_since = PendingSide.consumer, None
            state.quiet_since = now
            response_clock.stop(state)
            state.agent_asked = any(has_question_mark(text) for text in texts)

    def _dropped(self, turn: int, now: datetime) -> None:
        state = self._conversation.state
        if state.status.is_open and state.bot:
            self._conversation.happened(
                EventKind.bot_answer_dropped, now, bot_id=state.bot.id, turn=turn
            )

    # Passing to people

    @property
    def late_at(self) -> datetime | None:
        """Return when people get the conversation: at the deadline, or at once."""
        known = self._conversation.state.bot
        return known.late_at if known and known.is_talking else None

    def people_wanted(self, now: datetime) -> str | None:
        """Return the skill whose settings `pass_to_people` needs now; None: nothing is due."""
        bot, late_at = self._conversation.policy.bot, self.late_at
        is_due = late_at is not None and late_at <= now
        return bot.fallback_skill_id if bot and is_due else None

    def people_read(self, policy: Policy | None) -> None:
        """Take the settings of the people behind the bot; None: their skill is gone."""
        self._people = policy

    def pass_to_people(self, now: datetime) -> None:
        """Pass the conversation to the people behind the bot, with a note that says why.

        Where their skill is gone, the people of the present skill get it.
        """
        conversation, state = self._conversation, self._conversation.state
        known = state.bot
        if known is None:
            return
        failure = known.failure or _late(known)
        self._conversation.prompted_at = known.prompted_at or self._conversation.prompted_at
        known.end()
        note = failure.why if not failure.notes else f"{failure.why}\n{failure.notes}"
        self._note(known, note, now)
        people, self._people = self._people or conversation.policy, None
        conversation.happened(
            EventKind.bot_gave_up,
            now,
            bot_id=known.id,
            bot=known.name,
            turn=known.turn,
            problem=failure.problem.value,
            skill_id=people.skill_id,
        )
        adopt(conversation, people, f"{known.name} passed it to people.")
        self._queue.expect_answer(now, again=True)
        announce(conversation, now)
        self._queue.enter(now)

    def _fail(self, known: BotState, failure: BotFailure, now: datetime) -> None:
        """Make the passing on due at once; it needs settings that are read first."""
        known.failure, known.late_at = failure, now

    def _note(self, known: BotState, text: str, now: datetime) -> None:
        self._conversation.write_as_bot(Author.note, cut_outgoing(text), now, known)


def _late(known: BotState) -> BotFailure:
    span = known.late_at - known.asked_at if known.late_at and known.asked_at else timedelta()
    why = LATE.format(seconds=round(span.total_seconds()))
    return BotFailure(problem=BotProblem.late, why=why)


def _spent(known: BotState, bot: BotPolicy) -> str | None:
    """Return the limit that a further turn would break; None: it breaks none."""
    if known.turn >= bot.turns:
        return f"{bot.turns} turns in a conversation"
    if known.texts >= bot.texts:
        return f"{bot.texts} texts in a conversation"
    if len(known.recent) >= bot.turns_per_minute:
        return f"{bot.turns_per_minute} turns in a minute"
    return None


def _disclosed(texts: Sequence[str], disclosure: str | None) -> list[str]:
    """Return texts with the disclosure before the first one, apart where both are too long."""
    if not texts or not disclosure:
        return list(texts)
    together = f"{disclosure}\n{texts[0]}"
    if units(together) > OUTGOING:
        return [disclosure, *texts]
    return [together, *texts[1:]]
