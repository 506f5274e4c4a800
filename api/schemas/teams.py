"""Teams of the account as the API shows and takes them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.shared import Answer, Name, Request, SlugText, change, example, sent
from database.queries.teams import TeamShown
from services.configuring import teams

MOST = 500
"""Skills, or people, of a team. Ours."""

Ids = Annotated[list[SlugText], Field(max_length=MOST)]


class TeamOut(Answer):
    """Skills and people who belong together. `people`: agents, and the managers of the team."""

    id: str
    name: str
    skills: list[str]
    people: list[str]
    created_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, shown: TeamShown) -> "TeamOut":
        """Return the answer for a team."""
        team = shown.team
        return cls(
            id=team.id,
            name=team.name,
            skills=list(shown.skills),
            people=list(shown.people),
            created_at=team.created_at,
            retired_at=team.retired_at,
        )


class NewTeam(Request):
    model_config = example(name="Billing", skills=["acme-billing"], people=["acme-mia"])

    id: SlugText | None = None
    name: Name
    skills: Ids = Field(default=[], description="Ids of its skills.")
    people: Ids = Field(default=[], description="Ids of its agents and managers.")

    @property
    def wanted(self) -> teams.NewTeam:
        return teams.NewTeam(self.name, self.skills, self.people, self.id)


class TeamChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(skills=["acme-billing"])

    name: Name = change("What people read.")
    skills: Ids = change("All its skills from now on.")
    people: Ids = change("All its people from now on.")

    @property
    def wanted(self) -> teams.TeamChange:
        return teams.TeamChange(**sent(self))
