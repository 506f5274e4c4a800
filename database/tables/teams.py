"""Teams: which managers see to which skills and people."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Team(Table):
    """Skills and people who belong together. Its managers see to these, and to nothing else."""

    __tablename__ = "team"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    """A retired team has no skills and no members."""
    __table_args__ = (
        Index(
            "uq_team_name",
            "account_id",
            sql("lower(name)"),
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
    )


class TeamMember(Table):
    """Somebody in a team: an agent, or a manager of it."""

    __tablename__ = "team_member"
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True, index=True)


class TeamSkill(Table):
    """A skill of a team. A skill may be of several."""

    __tablename__ = "team_skill"
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)
