"""The activities that keep database and conversation together: read at the opening, then follow."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import (
    JOURNAL,
    LOAD_OPENING,
    LOAD_POLICY,
    Choice,
    Journalled,
    Opening,
    OpeningRequest,
    PolicyRequest,
    Step,
)
from activities.policies import KnownPolicies, Wanted
from database.away import AWAY
from database.engine import Sessions
from database.queries.journal import apply_step
from database.queries.languages import KnownLanguage, keep_recognised, known_language
from database.queries.opening import Opener, OpeningFacts, SkillChoice, opening_facts
from database.queries.policy import UnknownSkill, load_policy
from database.queries.routing import Chosen
from domain.effects import Happened, MessageWritten
from domain.languages import stand_ins
from domain.state import ConversationState, Policy
from domain.words import AcceptMode, Author, EventKind, Status
from languages.recognition import Recogniser


class Chooses(Protocol):
    """The router, as the journal sees it: `routing.router.Router`."""

    async def choose_at_once(self, account_id: str, conversation_id: UUID) -> Chosen | None:
        """Choose for a conversation that just began to wait; None: it is told later."""
        ...


log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Journal:
    """Local activities of the conversation workflow over the database.

    `router`: chooses at once for who begins to wait; None: conversations hear from routers only.
    """

    sessions: Sessions
    recogniser: Recogniser = field(default_factory=Recogniser)
    policies: KnownPolicies = field(default_factory=KnownPolicies)
    router: Chooses | None = None

    @activity.defn(name=JOURNAL)
    async def journal(self, step: Step) -> Journalled:
        """Apply a step of a conversation, once, and say when its consumer changes language."""
        state, begins_wait = step.conversation, self.router is not None and _begins_wait(step)
        done = await apply_step(
            self.sessions, step.workflow_id, state, step.effects, tells_router=not begins_wait
        )
        text = _consumer_text(step)
        language = await self._language(state, text, done.language) if text else None
        choice = await self._choice(state) if begins_wait and done.is_new else None
        return Journalled(is_new=done.is_new, language=language, choice=choice)

    async def _choice(self, state: ConversationState) -> Choice | None:
        """Let the router choose. The wait is written down: what fails here is done later."""
        if self.router is None:
            return None
        try:
            chosen = await self.router.choose_at_once(state.account_id, UUID(state.id))
        except AWAY as error:
            log.warning("not_chosen_at_once", error=type(error).__name__)
            return None
        return _as_told(chosen) if chosen else None

    @activity.defn(name=LOAD_OPENING)
    async def load_opening(self, request: OpeningRequest) -> Opening:
        """Read what a new conversation must know."""
        now = datetime.now(UTC)
        facts = await opening_facts(self.sessions.direct, _opener(request), now)
        language = await self._recognised(facts.text, facts.language)
        skill = _skill(request, facts)
        wanted = Wanted(request.account_id, request.line_id, skill.skill_id, language)
        policy = await self.policies.load(self.sessions, wanted, facts.settings, now)
        return Opening(
            policy=policy.model_copy(update={"skill_reason": skill.reason}),
            consumer=facts.consumer,
            is_known=facts.is_known,
        )

    async def _language(
        self, state: ConversationState, text: str, known: KnownLanguage | None
    ) -> str | None:
        """Keep what a consumer writes; return it where the conversation is in another language."""
        consumer = _consumer(state)
        if known is None:
            known = await known_language(self.sessions.direct, state.account_id, consumer)
        language = await self._recognised(text, known)
        if language and language != known.code:
            await keep_recognised(self.sessions.direct, consumer, language)
        # A `pt-BR` is a `pt`.
        is_spoken = language and state.language and language in stand_ins(state.language)
        return None if is_spoken else language

    async def _recognised(self, text: str, known: KnownLanguage) -> str | None:
        """Return what a consumer writes, by what was set for them or else by a text of theirs."""
        if known.is_set:
            return known.code
        return await self.recogniser.recognise(text, known.code)

    @activity.defn(name=LOAD_POLICY)
    async def load_policy(self, request: PolicyRequest) -> Policy:
        """Read the policy that holds with another skill."""
        try:
            async with self.sessions() as session:
                now = request.at or datetime.now(UTC)
                return await load_policy(
                    session,
                    request.account_id,
                    request.line_id,
                    request.skill_id,
                    now,
                    request.language,
                )
        except UnknownSkill as error:
            raise ApplicationError(
                "unknown skill", type="unknown_skill", non_retryable=True
            ) from error


def _begins_wait(step: Step) -> bool:
    kinds = {effect.kind for effect in step.effects if isinstance(effect, Happened)}
    is_queued = EventKind.conversation_queued in kinds
    return is_queued and step.conversation.status is Status.waiting


def _as_told(chosen: Chosen) -> Choice:
    return Choice(
        ticket=chosen.ticket,
        agent_id=chosen.agent_id,
        agent_name=chosen.agent_name,
        is_offer=chosen.accept_mode == AcceptMode.ring,
    )


def _opener(request: OpeningRequest) -> Opener:
    return Opener(
        account_id=request.account_id,
        line_id=request.line_id,
        consumer_id=request.consumer_id,
        message_id=UUID(request.message_id) if request.message_id else None,
        first_word=request.first_word,
    )


def _skill(request: OpeningRequest, facts: OpeningFacts) -> SkillChoice:
    if request.skill_id:
        return SkillChoice(request.skill_id, "The agent who opened it chose this skill.")
    if facts.skill is None:
        raise UnknownSkill
    return facts.skill


def _consumer(of: ConversationState) -> UUID:
    return UUID(of.consumer_id)


def _consumer_text(step: Step) -> str | None:
    """Return the consumer's last text in a step."""
    texts = [one for one in step.effects if isinstance(one, MessageWritten)]
    return next((one.text for one in reversed(texts) if one.author is Author.consumer), None)
