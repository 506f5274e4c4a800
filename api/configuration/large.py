"""The account, skills and hours in a configuration file."""

from typing import Any

from api.configuration.reading import Path
from api.configuration.run import Run
from api.schemas import hours as hour_schemas
from api.schemas.account import AccountChange, AccountOut
from api.schemas.skills import SkillChange, SkillOut
from services.configuring import (
    account,
    hours,
    skills,
)
from services.configuring.skills import SkillChange as WantedSkill


async def write_account(run: Run) -> dict[str, Any]:
    shown = AccountOut.model_validate(await account.show(run.caller, run.session))
    wanted = set(AccountChange.model_fields) - {"default_skill"}
    values = {
        name: value for name, value in shown.model_dump(mode="json").items() if name in wanted
    }
    return values | {"default_skill": run.name_of(shown.default_skill_id)}


async def apply_account(run: Run, value: object) -> None:
    where: Path = ("account",)
    values = run.mapping(where, value)
    if values.get("default_skill"):
        named = run.skill((*where, "default_skill"), values["default_skill"])
        values = values | {"default_skill": named}
    change = run.model(AccountChange, where, values)
    await run.doing(where, account.change(run.caller, run.session, change.wanted))


async def write_skills(run: Run) -> dict[str, Any]:
    found = {}
    for one in await skills.listed(run.caller, run.session):
        shown = SkillOut.of(one).model_dump(mode="json")
        values = {name: shown[name] for name in SkillChange.model_fields if name in shown}
        del values["name"]
        values["fallback_skill"] = run.name_of(one.skill.fallback_skill_id)
        values["transfer_skills"] = sorted(filter(None, map(run.name_of, one.targets)))
        found[one.skill.name] = values
    return found


async def apply_skills(run: Run, value: object) -> None:
    where: Path = ("skills",)
    wanted = run.mapping(where, value)
    for name in wanted:
        if name not in run.skills:
            made = skills.create(run.caller, run.session, name, WantedSkill())
            run.skills[name] = (await run.doing((*where, name), made)).skill.id
    held = {one.skill.name: one.targets for one in await skills.listed(run.caller, run.session)}
    for name, settings in wanted.items():
        at = (*where, name)
        values = run.mapping(at, settings)
        if values.get("fallback_skill"):
            of = run.skill((*at, "fallback_skill"), values["fallback_skill"])
            values = values | {"fallback_skill": of}
        if "transfer_skills" in values:
            named = values["transfer_skills"] or []
            to = [run.skill((*at, "transfer_skills"), one) for one in named]
            values = values | {"transfer_skills": to}
            if sorted(to) == sorted(held.get(name, ())):
                del values["transfer_skills"]
        change = run.model(SkillChange, at, values)
        act = skills.change(run.caller, run.session, run.skills[name], change.wanted)
        await run.doing(at, act)


async def write_hours(run: Run) -> dict[str, Any]:
    own = {"account": await hours.show(run.caller, run.session)}
    for name, skill_id in run.skills.items():
        found = await hours.show(run.caller, run.session, skill_id)
        if found.is_own:
            own[name] = found
    return {
        name: {
            "week": hour_schemas.Week.of(found.calendar.week).model_dump(mode="json"),
            "special_days": [
                hour_schemas.SpecialDayText.of(one).model_dump(mode="json")
                for one in found.calendar.special
            ],
        }
        for name, found in own.items()
    }


async def apply_hours(run: Run, value: object) -> None:
    where: Path = ("hours",)
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        skill_id = None if name == "account" else run.skill(at, name)
        new = run.model(hour_schemas.HoursIn, at, run.mapping(at, settings)).hours
        held = await hours.show(run.caller, run.session, skill_id)
        if held.is_own and new.calendar(held.calendar.zone) == held.calendar:
            continue
        await run.doing(at, hours.replace(run.caller, run.session, new, skill_id))
