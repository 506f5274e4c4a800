"""Teams with their skills. Who is in them is no setting: people come and go."""

from collections.abc import Collection

from database.tables import Team
from services.brand_file.fields import Field, fields_of
from services.brand_file.forms import Many, Reference
from services.brand_file.kind import Kind, On, There, Values
from services.configuring import teams
from services.configuring.teams import NewTeam, TeamChange


class Teams(Kind):
    section, one, tables = "teams", "team", ("team", "team_skill")
    fields = (
        *fields_of(TeamChange, Team, but=["skills", "people"]),
        Field("skills", "skills", Many(Reference("skills")), default=[]),
    )

    async def present(self, on: On) -> list[There]:
        found = await teams.listed(on.caller, on.session)
        form = Many(Reference("skills"))
        return [
            There(one.team.id, self.shown(on, one.team, skills=form.shown(one.skills, on.names)))
            for one in found
        ]

    async def add(self, on: On, values: Values) -> str:
        wanted = self.change_of(TeamChange, on, values, ["skills"])
        skills = wanted.skills if isinstance(wanted.skills, list) else []
        made = await teams.create(on.caller, on.session, NewTeam(str(values["name"]), skills))
        return made.team.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(TeamChange, on, values, keys)
        await teams.change(on.caller, on.session, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await teams.retire(on.caller, on.session, row_id)
