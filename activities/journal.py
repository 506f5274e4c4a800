"""The activities between database and conversation: load at the opening, then journal each step."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import structlog
from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import (
    JOURNAL,
    LOAD_OPENING,
    LOAD_POLICY,
    LOOK,
    Journalled,
    JournalOutcome,
    LoadedOpening,
    OpeningRequest,
    PolicyRequest,
    RecordedState,
    Step,
    Terms,
    ThreadInHand,
)
from activities.language import recognised
from activities.policies import KnownPolicies, PolicyKey
from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import bots
from database.queries.bots import BotOutcome
from database.queries.journal import NewStep, apply_step
from database.queries.opening import Opener, OpeningFacts, opening_facts
from database.queries.policy import UnknownSkill, load_policy
from database.queries.recorded import PendingInput, count_adopted, recorded_thread
from database.queries.system_close import close_earlier
from domain.bots.kinds import BotProblem
from domain.consent.keywords import keyword_in, language_of
from domain.conversation.effects import Happened, MessageWritten
from domain.conversation.kinds import EventKind
from domain.conversation.state import ConversationState
from domain.origins.first_text import first_text_of
from domain.policy.entry_skill import CHOSEN, SkillChoice
from domain.policy.policy import Policy
from languages.recognition import Recogniser
from measuring.spans import Spans

log = structlog.stdlib.get_logger()

BOT_OUTCOMES: Mapping[EventKind, Callable[[Happened], BotProblem | None]] = {
    EventKind.bot_answered: lambda _: None,
    EventKind.bot_gave_up: lambda one: BotProblem(str(one.data["problem"])),
}
"""Events that tell how a bot does, and the problem that each names."""


@dataclass(frozen=True)
class Journal:
    """The local activities of the conversation workflow that use the database."""

    sessions: Sessions
    recogniser: Recogniser = field(default_factory=Recogniser)
    policies: KnownPolicies = field(default_factory=KnownPolicies)
    spans: Spans = field(default_factory=Spans, repr=False)

    @activity.defn(name=JOURNAL)
    async def journal(self, step: Step) -> Journalled:
        """Write a step once and as a whole, or return the decision that is already recorded."""
        began, of = datetime.now(UTC), step.conversation.id
        with ExitStack() as spans:
            spans.enter_context(structlog.contextvars.bound_contextvars(conversation_id=of))
            for text_id in step.causes:
                span = self.spans.of("journal", text_id, **_of_step(step))
                spans.enter_context(span)
            done = await self._journalled(step)
        if not step.causes:
            self._begin_traces(step, began)
        return done

    def _begin_traces(self, step: Step, began: datetime) -> None:
        """Begin a trace for each text that no text of the consumer caused."""
        for effect in step.effects:
            if isinstance(effect, MessageWritten) and effect.is_to_send:
                self.spans.begun("journal", effect.message_id, began, **_of_step(step))

    async def _journalled(self, step: Step) -> Journalled:
        try:
            is_new = await self._written(step)
        except (IntegrityError, psycopg.IntegrityError) as error:
            return await self._refused(step, error)
        if is_new:
            return Journalled(outcome=JournalOutcome.written)
        return await self._as_it_stands(step)

    async def _written(self, step: Step) -> bool:
        if step.mends:
            await self._close_earlier(step)
        state = step.conversation
        new = NewStep(step.workflow_id, state, step.effects, step.policy, step.mends)
        # When a wait begins, `choose` wakes the router if it finds nobody itself.
        is_new = await apply_step(self.sessions, new, tells_router=not step.begins_wait)
        if is_new:
            await self._count_for_bots(step)
        return is_new

    async def _count_for_bots(self, step: Step) -> None:
        """Count what bots did. A count is lost where the database goes away just then."""
        for outcome in _bot_outcomes(step):
            try:
                async with self.sessions.begin() as session:
                    await bots.count(session, outcome)
            except NOT_DONE as error:
                log.warning("bot_not_counted", bot=outcome.bot_id, error=type(error).__name__)

    async def _close_earlier(self, step: Step) -> None:
        """Close conversations recorded as open although later ones of the thread followed."""
        state = step.conversation
        await close_earlier(self.sessions, state.line_id, _consumer(state), state.number)

    async def _refused(self, step: Step, error: Exception) -> Journalled:
        """Return why PostgreSQL refused rows of a step: they exist, or rows they refer to do not.

        Existing rows are another decision, even if the last recorded step has a lower number: a
        late writer continued from a database that was restored meanwhile.
        """
        is_there = isinstance(getattr(error, "orig", error), UniqueViolation)
        recorded = await self._recorded(step.held)
        if recorded.is_consumer_known and not is_there:
            # An agent or a skill created since the backup: retries succeed once it exists again.
            log.error("settings_missing", conversation_id=step.conversation.id, what=_missed(error))
            raise error
        return await self._as_it_stands(step, is_there=is_there)

    async def _as_it_stands(self, step: Step, *, is_there: bool = False) -> Journalled:
        recorded = await self._recorded(step.held)
        if not recorded.is_consumer_known:
            log.error("consumer_unknown", conversation_id=step.conversation.id)
            return Journalled(outcome=JournalOutcome.consumer_unknown)
        outcome = JournalOutcome.decided if is_there else _outcome(step, recorded)
        if outcome is JournalOutcome.behind:
            stands_at = _stands_at(step.conversation, recorded)
            log.error("database_behind", conversation_id=step.conversation.id, at=stands_at)
            return Journalled(outcome=outcome, stands_at=stands_at)
        if outcome is JournalOutcome.written:
            # Whatever kept the step from being written is over, or this ends it.
            await self._close_earlier(step)
            raise ApplicationError("the step is to be written again", type="written_again")
        await self._count_adopted(step, recorded)
        return Journalled(outcome=outcome, recorded=recorded)

    async def _count_adopted(self, step: Step, recorded: RecordedState) -> None:
        number, sequence = recorded.position
        log.warning("step_adopted", conversation_id=step.conversation.id, sequence=sequence)
        await count_adopted(self.sessions.direct, _in_hand(step.held), number)

    @activity.defn(name=LOOK)
    async def look(self, held: ThreadInHand) -> RecordedState:
        """Read what the database has recorded of a thread."""
        return await self._recorded(held)

    async def _recorded(self, held: ThreadInHand) -> RecordedState:
        found = await recorded_thread(self.sessions.direct, _in_hand(held))
        return RecordedState.model_validate(
            {
                "conversation": found.state,
                "policy": found.policy,
                "texts": found.texts,
                "commands": found.commands,
                "unsent": found.unsent,
                "is_consumer_known": found.is_consumer_known,
            }
        )

    @activity.defn(name=LOAD_OPENING)
    async def load_opening(self, request: OpeningRequest) -> LoadedOpening:
        """Read settings and facts for a new conversation, or what prevents one."""
        now, held = await self.sessions.clock.now(), request.held
        facts = await opening_facts(self.sessions.direct, _opener(request), now)
        if not facts.is_consumer_known:
            return LoadedOpening(is_consumer_known=False)
        newest = facts.newest
        if facts.is_known or newest.position > (held.number, held.sequence) > (0, 0):
            return LoadedOpening(recorded=await self._recorded(held))
        if newest.is_live and held.number == 0:  # its workflow is gone: this one continues it
            return LoadedOpening(recorded=await self._recorded(held))
        if newest.position < (held.number, held.sequence):
            is_same = newest.number == held.number
            return LoadedOpening(stands_at=newest.sequence if is_same else 0)
        return LoadedOpening(terms=await self._terms(request, facts, now))

    async def _terms(self, request: OpeningRequest, facts: OpeningFacts, now: datetime) -> Terms:
        language = await recognised(self.recogniser, facts.text, facts.language) or _of_keyword(
            facts.text
        )
        skill = _skill(request, facts)
        line_id = request.held.line_id
        wanted = PolicyKey(request.account_id, line_id, skill.skill_id, language)
        try:
            policy = await self.policies.load(self.sessions, wanted, facts.settings, now)
        except UnknownSkill as error:
            if request.skill_id:  # the agent chose it: they can choose another
                raise _unknown_skill() from error
            raise
        return Terms(
            policy=policy.model_copy(update={"skill_reason": skill.reason}),
            consumer=facts.consumer,
            number=facts.newest.number + 1,
            origin=facts.origin,
            invitation=facts.invitation,
        )

    @activity.defn(name=LOAD_POLICY)
    async def load_policy(self, request: PolicyRequest) -> Policy:
        """Read the policy of a skill. Raises `unknown_skill`, which is not retried."""
        try:
            async with self.sessions() as session:
                return await load_policy(
                    session,
                    request.account_id,
                    request.line_id,
                    request.skill_id,
                    request.at,
                    request.language,
                )
        except UnknownSkill as error:
            raise _unknown_skill() from error


def _bot_outcomes(step: Step) -> list[BotOutcome]:
    """Return what a step says of bots."""
    happened = [effect for effect in step.effects if isinstance(effect, Happened)]
    account_id = step.conversation.account_id
    return [
        BotOutcome(account_id, str(one.data["bot_id"]), problem, one.at)
        for kind, problem_of in BOT_OUTCOMES.items()
        for one in happened
        if one.kind is kind
        for problem in [problem_of(one)]
    ]


def _missed(error: Exception) -> str | None:
    """Return the name of the violated constraint, which tells what kind of row is missing."""
    refused = getattr(error, "orig", error)
    return refused.diag.constraint_name if isinstance(refused, psycopg.Error) else None


def _of_keyword(text: str) -> str | None:
    """Return the language of a keyword as first text, used to confirm it and not kept."""
    return language_of(text) if keyword_in(text, is_opted_out=False) else None


def _unknown_skill() -> ApplicationError:
    return ApplicationError("unknown skill", type="unknown_skill", non_retryable=True)


def _outcome(step: Step, recorded: RecordedState) -> JournalOutcome:
    """Return the outcome of a step that was not written, judged by what is recorded instead."""
    state = step.conversation
    if recorded.texts or recorded.commands or recorded.position >= (state.number, state.sequence):
        return JournalOutcome.decided
    if _is_another(state, recorded) or recorded.closes(state):
        return JournalOutcome.decided
    if step.mends or recorded.position == _position_before(state, recorded):
        return JournalOutcome.written
    return JournalOutcome.behind


def _is_another(state: ConversationState, recorded: RecordedState) -> bool:
    """Say whether another conversation has taken this one's number after a restore."""
    there = recorded.conversation
    return there is not None and there.number == state.number and there.id != state.id


def _position_before(state: ConversationState, recorded: RecordedState) -> tuple[int, int]:
    """Return the position directly before a step."""
    if state.sequence > 1:
        return state.number, state.sequence - 1
    number, sequence = recorded.position
    return state.number - 1, sequence if number == state.number - 1 else 0


def _stands_at(state: ConversationState, recorded: RecordedState) -> int:
    number, sequence = recorded.position
    return sequence if number == state.number else 0


def _in_hand(held: ThreadInHand) -> PendingInput:
    return PendingInput(
        held.line_id,
        UUID(held.consumer_id),
        [UUID(text) for text in held.texts],
        held.commands,
    )


def _opener(request: OpeningRequest) -> Opener:
    return Opener(
        account_id=request.account_id,
        line_id=request.held.line_id,
        consumer_id=request.held.consumer_id,
        command_key=request.command_key,
        message_id=UUID(request.message_id) if request.message_id else None,
        first_text=first_text_of(request.first_text),
        answered_at=request.answered_at,
        carried_from=UUID(request.carried_from) if request.carried_from else None,
    )


def _skill(request: OpeningRequest, facts: OpeningFacts) -> SkillChoice:
    if request.skill_id:
        return SkillChoice(request.skill_id, CHOSEN)
    if facts.skill is None:
        raise UnknownSkill
    return facts.skill


def _consumer(of: ConversationState) -> UUID:
    return UUID(of.consumer_id)


def _of_step(step: Step) -> dict[str, str | int]:
    state = step.conversation
    return {"conversation_id": state.id, "step": state.sequence}
