"""Bots: programs that serve skills, which skills they serve, and how they do."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now
from domain.bots.policy import DEADLINE_SECONDS, TEXTS, TURNS, TURNS_PER_MINUTE


class Bot(Table):
    """A program that serves skills."""

    __tablename__ = "bot"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    mode: Mapped[str]
    """`domain.bots.kinds.BotMode`."""
    url: Mapped[str | None]
    """Where a `webhook` bot is asked."""
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    """Signs its requests. Encrypted."""
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    """Until when requests are also signed with the previous secret."""
    deadline_seconds: Mapped[int] = mapped_column(server_default=sql(str(DEADLINE_SECONDS)))
    fallback_skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    """The skill of the people behind it."""
    discloses: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Consumers are told that no person writes."""
    disclosures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """The account's own words for that, by language."""
    tells_number: Mapped[bool] = mapped_column(server_default=sql("false"))
    """It learns the consumer's number."""
    texts_most: Mapped[int] = mapped_column(Integer, server_default=sql(str(TEXTS)))
    turns_most: Mapped[int] = mapped_column(Integer, server_default=sql(str(TURNS)))
    turns_per_minute: Mapped[int] = mapped_column(
        Integer, server_default=sql(str(TURNS_PER_MINUTE))
    )
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]


class SkillBot(Table):
    """A skill that is served by a bot."""

    __tablename__ = "skill_bot"
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    bot_id: Mapped[str] = mapped_column(ForeignKey("bot.id"), index=True)


class BotRecord(Table):
    """How a bot does: apart from its settings, which its work must not change."""

    __tablename__ = "bot_record"
    bot_id: Mapped[str] = mapped_column(ForeignKey("bot.id"), primary_key=True)
    answered: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    """Turns it answered."""
    passed_on: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    """Conversations that people got from it."""
    failures: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """Failures in a row."""
    paused_until: Mapped[datetime | None]
    """It failed too often, and is not asked before then."""
    last_answer_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]
    last_problem: Mapped[str | None]
    """`domain.bots.kinds.BotProblem` of the last failure."""
