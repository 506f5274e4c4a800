"""Skills, with hours of their own."""

from collections.abc import Collection

from database.tables import Skill
from services.brand_file.fields import Field, fields_of
from services.brand_file.forms import Duration, Many, Optional, Reference
from services.brand_file.hours_form import HoursForm
from services.brand_file.kind import Kind, On, There, Values
from services.configuring import hours, skills
from services.configuring.hours import NewHours
from services.configuring.skills import SkillChange

LATE = ("fallback_skill", "transfer_skills", "bot")
HOURS = Optional(HoursForm())


class Skills(Kind):
    section, one = "skills", "skill"
    tables = ("skill", "skill_transfer_target", "skill_bot")
    fields = (
        *fields_of(
            SkillChange,
            Skill,
            but=["transfer_skills"],
            forms={
                "priority": Duration(60),
                "fallback_skill": Optional(Reference("skills")),
                "bot": Optional(Reference("bots")),
            },
            columns={"fallback_skill": "fallback_skill_id"},
            late=LATE,
            nothing="as the account",
        ),
        Field("transfer_skills", "transfer_skills", Many(Reference("skills")), [], is_late=True),
        Field("hours", "hours", HOURS),
    )

    async def present(self, on: On) -> list[There]:
        found = await skills.listed(on.caller, on.session)
        return [There(one.skill.id, await self._values(on, one)) for one in found]

    async def _values(self, on: On, one: skills.SkillWithTargets) -> Values:
        own = await hours.show(on.caller, on.session, one.skill.id)
        return self.shown(
            on,
            one.skill,
            fallback_skill=on.names.name_of("skills", one.skill.fallback_skill_id),
            transfer_skills=Many(Reference("skills")).shown(one.targets, on.names),
            bot=on.names.name_of("bots", one.bot_id),
            hours=HOURS.shown(own.calendar, on.names) if one.skill.has_own_hours else None,
        )

    async def add(self, on: On, values: Values) -> str:
        early = [one.key for one in self.fields if not one.is_late and one.key != "hours"]
        wanted = self.change_of(SkillChange, on, values, early)
        made = await skills.create(on.caller, on.session, str(values["name"]), wanted)
        if values["hours"] is not None:
            await self._set_hours(on, made.skill.id, values)
        return made.skill.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(SkillChange, on, values, [key for key in keys if key != "hours"])
        await skills.change(on.caller, on.session, row_id, wanted)
        if "hours" in keys:
            await self._set_hours(on, row_id, values)

    async def _set_hours(self, on: On, skill_id: str, values: Values) -> None:
        wanted = HOURS.meant(values["hours"], on.names)
        if isinstance(wanted, NewHours):
            await hours.replace(on.caller, on.session, wanted, skill_id)
        else:
            await hours.follow_account(on.caller, on.session, skill_id)

    async def retire(self, on: On, row_id: str) -> None:
        await skills.retire(on.caller, on.session, row_id)
