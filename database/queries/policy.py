"""What an account wants of a conversation, and what is known of its consumer."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.consent import Consenting, is_opted_out
from database.tables import Account, AutomaticMessage, Connector, Conversation, Line, Skill
from domain.ids import ConsumerId, consumer_row
from domain.state import ConsumerFacts, Policy, SurveyPolicy
from domain.wording import Wording, resolve
from domain.words import Automatic, CloseReason, Status

CONTINUES_WITHIN = timedelta(hours=48)
"""After an auto-close the next conversation reads as a continuation for so long."""


class UnknownSkill(Exception):
    """No such line and skill in this account."""


async def load_policy(
    session: AsyncSession, account_id: str, line_id: str, skill_id: str | None
) -> Policy:
    """Return the policy of a line with a skill, its entry skill when None. `UnknownSkill`."""
    query = (
        select(Account, Connector, Line, Skill)
        .join(Line, Line.account_id == Account.id)
        .join(Connector, Connector.id == Line.connector_id)
        .join(Skill, Skill.id == (skill_id or Line.entry_skill_id))
        .where(Account.id == account_id, Line.id == line_id, Skill.account_id == account_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise UnknownSkill
    account, connector, line, skill = row
    return _policy(account, connector, line, skill, await _texts(session, account, line, skill))


def _policy(
    account: Account, connector: Connector, line: Line, skill: Skill, texts: dict[Automatic, str]
) -> Policy:
    auto_close = skill.auto_close_seconds or account.auto_close_seconds
    return Policy(
        brand=account.brand,
        skill_id=skill.id,
        skill_name=skill.name,
        priority=line.priority + skill.priority,
        prefix=connector.prefix,
        texts=texts,
        auto_close_after=timedelta(seconds=auto_close),
        agent_transfer_fallback=timedelta(seconds=account.agent_transfer_fallback_seconds),
        survey=SurveyPolicy(
            enabled=account.survey_enabled,
            timeout=timedelta(seconds=account.survey_timeout_seconds),
        ),
    )


async def _texts(
    session: AsyncSession, account: Account, line: Line, skill: Skill
) -> dict[Automatic, str]:
    table = AutomaticMessage
    rows = await session.scalars(
        select(table).where(
            table.account_id == account.id,
            or_(table.line_id.is_(None), table.line_id == line.id),
            or_(table.skill_id.is_(None), table.skill_id == skill.id),
        )
    )
    return resolve(
        [
            Wording(
                event=Automatic(row.event),
                language=row.language,
                text=row.text,
                enabled=row.enabled,
                line_id=row.line_id,
                skill_id=row.skill_id,
            )
            for row in rows
        ],
        language=line.language or account.language,
        default_language=account.language,
    )


async def load_consumer_facts(
    session: AsyncSession, account_id: str, line_id: str, consumer_id: str, now: datetime
) -> ConsumerFacts:
    """Return what a new conversation on a line must know of its consumer."""
    consumer = consumer_row(ConsumerId(consumer_id))
    last = await session.execute(
        select(Conversation.status, Conversation.close_reason, Conversation.closed_at)
        .where(Conversation.consumer_id == consumer)
        .order_by(Conversation.opened_at.desc())
        .limit(1)
    )
    previous = last.one_or_none()
    return ConsumerFacts(
        is_first=previous is None,
        is_opted_out=await is_opted_out(session, Consenting(account_id, consumer, line_id)),
        continues=previous is not None
        and previous.status == Status.closed
        and previous.close_reason == CloseReason.auto_close
        and previous.closed_at is not None
        and now - previous.closed_at <= CONTINUES_WITHIN,
    )
