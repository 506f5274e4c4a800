"""The activities that keep database and conversation together: read at the opening, then follow."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import (
    JOURNAL,
    LOAD_OPENING,
    LOAD_POLICY,
    Journalled,
    Opening,
    OpeningRequest,
    PolicyRequest,
    Step,
)
from database.engine import Sessions
from database.queries.journal import apply_step, is_in_transcript
from database.queries.policy import (
    SkillChoice,
    UnknownSkill,
    load_consumer_facts,
    load_policy,
    skill_at_opening,
)
from domain.state import Policy


@dataclass(frozen=True)
class Journal:
    """Local activities of the conversation workflow over the database."""

    sessions: Sessions

    @activity.defn(name=JOURNAL)
    async def journal(self, step: Step) -> Journalled:
        """Apply a step of a conversation, once."""
        is_new = await apply_step(self.sessions, step.workflow_id, step.conversation, step.effects)
        return Journalled(is_new=is_new)

    @activity.defn(name=LOAD_OPENING)
    async def load_opening(self, request: OpeningRequest) -> Opening:
        """Read what a new conversation must know."""
        async with self.sessions() as session:
            is_known = bool(request.message_id) and await is_in_transcript(
                session, request.message_id or ""
            )
            skill, now = await _skill(session, request), datetime.now(UTC)
            account_id, line_id = request.account_id, request.line_id
            policy = await load_policy(session, account_id, line_id, skill.skill_id, now)
            return Opening(
                policy=policy.model_copy(update={"skill_reason": skill.reason}),
                consumer=await load_consumer_facts(
                    session, account_id, line_id, request.consumer_id, now
                ),
                is_known=is_known,
            )

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


async def _skill(session: AsyncSession, request: OpeningRequest) -> SkillChoice:
    if request.skill_id:
        return SkillChoice(request.skill_id, "The agent who opened it chose this skill.")
    return await skill_at_opening(session, request.account_id, request.line_id, request.first_word)
