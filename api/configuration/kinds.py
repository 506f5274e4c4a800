"""What a configuration file holds, kind by kind: how each is written, and how it is applied.

Things have names in the file, and no ids. A name that is not there yet is made; what is there and
not in the file stays. Each kind is applied by its own service, with its permission and its rules.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.configuration.reading import Path, ReadFile
from api.schemas import hours as hour_schemas
from api.schemas.account import AccountChange, AccountOut
from api.schemas.brand import LineChange, NewLine
from api.schemas.closing_reasons import ClosingReasonChange
from api.schemas.consumer_fields import ConsumerFieldChange, NewConsumerField
from api.schemas.labels import LabelChange
from api.schemas.skills import SkillChange, SkillOut
from domain.automatic.kinds import Automatic
from domain.errors import DomainError
from domain.settings.kinds import LabelColour
from services.caller import Caller
from services.changes import UNCHANGED
from services.configuring import (
    account,
    automatic_messages,
    away_reasons,
    closing_reasons,
    connectors,
    consumer_fields,
    hours,
    keywords,
    labels,
    lines,
    skills,
)
from services.configuring.automatic_messages import NewText
from services.configuring.connectors import KnownProviders
from services.configuring.keywords import NewKeywords
from services.configuring.skills import SkillChange as WantedSkill

Model = TypeVar("Model", bound=BaseModel)
OF_WORDS = ("stop", "start", "help", "off")
OF_SKILL = {"fallback_skill", "transfer_skills"}
OF_LINE = ("skill", "priority", "language", "segments_per_second", "smart_encoding", "countries")


@dataclass
class Run:
    """One reading or applying: who does it, and which ids the names have by now."""

    caller: Caller
    session: AsyncSession
    known: KnownProviders
    file: ReadFile
    skills: dict[str, str] = field(default_factory=dict)

    async def learn(self) -> None:
        """Look up the ids of skills by their names."""
        found = await skills.listed(self.caller, self.session)
        self.skills = {one.skill.name: one.skill.id for one in found}

    def name_of(self, skill_id: str | None) -> str | None:
        """Return a skill's name."""
        return next((name for name, one in self.skills.items() if one == skill_id), None)

    def skill(self, where: Path, name: object) -> str:
        """Return a skill's id. Raises `FileInvalid` for a name that no skill has."""
        if not isinstance(name, str) or name not in self.skills:
            raise self.file.refused(where, f"there is no skill {name}.")
        return self.skills[name]

    def model(self, kind: type[Model], where: Path, values: Mapping[str, Any]) -> Model:
        """Return a model of values. Raises `FileInvalid`, with the line of what is wrong."""
        self.file.check_keys(where, values, set(kind.model_fields))
        try:
            return kind.model_validate(dict(values), strict=False)
        except ValidationError as error:
            first = error.errors()[0]
            raise self.file.refused((*where, *first["loc"]), f"{first['msg']}.") from error

    def mapping(self, where: Path, value: object) -> dict[str, Any]:
        """Return a part that holds things by name. Raises `FileInvalid` for another."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.file.refused(where, "names are expected here, each with its settings.")
        return value

    async def doing(self, where: Path, act: Awaitable[Any]) -> Any:
        """Do something; what its service refuses is told with the line."""
        try:
            return await act
        except DomainError as error:
            raise self.file.refused(where, error.detail) from error


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


async def write_labels(run: Run) -> dict[str, Any]:
    found = await labels.listed(run.caller, run.session)
    return {one.name: {"colour": one.colour} for one in found}


async def apply_labels(run: Run, value: object) -> None:
    where: Path = ("labels",)
    known = {one.name: one.id for one in await labels.listed(run.caller, run.session)}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        change = run.model(LabelChange, at, run.mapping(at, settings)).wanted
        if name in known:
            await run.doing(at, labels.change(run.caller, run.session, known[name], change))
            continue
        colour = LabelColour.grey if change.colour is UNCHANGED else LabelColour(change.colour)
        await run.doing(at, labels.create(run.caller, run.session, name, colour))


async def write_reasons(run: Run) -> dict[str, Any]:
    found = await closing_reasons.listed(run.caller, run.session)
    return {
        one.reason.name: {"skills": sorted(filter(None, map(run.name_of, one.skills)))}
        for one in found
    }


async def apply_reasons(run: Run, value: object) -> None:
    where: Path = ("closing_reasons",)
    found = await closing_reasons.listed(run.caller, run.session)
    known = {one.reason.name: one for one in found}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        values = run.mapping(at, settings)
        named = [run.skill((*at, "skills"), one) for one in values.get("skills") or []]
        change = run.model(ClosingReasonChange, at, values | {"skills": named}).wanted
        if name not in known:
            await run.doing(at, closing_reasons.create(run.caller, run.session, name, named))
        elif sorted(known[name].skills) != sorted(named):
            reason_id = known[name].reason.id
            await run.doing(at, closing_reasons.change(run.caller, run.session, reason_id, change))


async def write_fields(run: Run) -> dict[str, Any]:
    found = await consumer_fields.listed(run.caller, run.session)
    names = ("kind", "choices", "seen_by", "edited_by", "is_required", "position")
    return {one.name: {name: getattr(one, name) for name in names} for one in found}


async def apply_fields(run: Run, value: object) -> None:
    where: Path = ("consumer_fields",)
    known = {one.name: one.id for one in await consumer_fields.listed(run.caller, run.session)}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        values = run.mapping(at, settings)
        if name not in known:
            new = run.model(NewConsumerField, at, values | {"name": name}).wanted
            await run.doing(at, consumer_fields.create(run.caller, run.session, new))
            continue
        kept = {key: one for key, one in values.items() if key != "kind"}
        change = run.model(ConsumerFieldChange, at, kept).wanted
        act = consumer_fields.change(run.caller, run.session, known[name], change)
        await run.doing(at, act)


async def write_away(run: Run) -> list[str]:
    return list(await away_reasons.listed(run.caller, run.session))


async def apply_away(run: Run, value: object) -> None:
    where: Path = ("away_reasons",)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise run.file.refused(where, "a list of names is expected here.")
    if list(await away_reasons.listed(run.caller, run.session)) != value:
        await run.doing(where, away_reasons.replace(run.caller, run.session, value))


async def write_keywords(run: Run) -> dict[str, Any]:
    own = await keywords.show(run.caller, run.session)
    return {name: sorted(getattr(own, name)) for name in OF_WORDS}


async def apply_keywords(run: Run, value: object) -> None:
    where: Path = ("consent_words",)
    values = run.mapping(where, value)
    run.file.check_keys(where, values, set(OF_WORDS))
    held = await write_keywords(run)
    new = held | {name: sorted(map(str, words or [])) for name, words in values.items()}
    if new != held:
        await run.doing(where, keywords.replace(run.caller, run.session, NewKeywords(**new)))


async def write_lines(run: Run) -> dict[str, Any]:
    of_connector = {one.id: one.name for one in await connectors.listed(run.caller, run.session)}
    return {
        one.line.name: {
            "address": one.line.address,
            "connector": of_connector.get(one.line.connector_id),
            "skill": run.name_of(one.line.entry_skill_id),
            **{name: getattr(one.line, name) for name in OF_LINE if name != "skill"},
            "keywords": {word: run.name_of(to) for word, to in sorted(one.keywords.items())},
        }
        for one in await lines.listed(run.caller, run.session)
    }


async def apply_lines(run: Run, value: object) -> None:
    where: Path = ("lines",)
    found = await lines.listed(run.caller, run.session)
    known = {one.line.address.lower(): one for one in found}
    of_name = {one.name: one.id for one in await connectors.listed(run.caller, run.session)}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        values = run.mapping(at, settings)
        run.file.check_keys(at, values, {"address", "connector", "keywords", *OF_LINE})
        address = values.get("address")
        if not isinstance(address, str):
            raise run.file.refused((*at, "address"), "the number is missing, in quotation marks.")
        wanted = _of_line(run, at, name, values)
        held = known.get(address.lower())
        if held is None:
            held = await _made_line(run, at, of_name, name, values, wanted)
        words = {one["keyword"]: one["skill"] for one in wanted.get("keywords", ())}
        if words == dict(held.keywords):
            wanted.pop("keywords", None)
        change = run.model(LineChange, at, wanted).wanted
        act = lines.change(run.caller, run.session, run.known, held.line.id, change)
        await run.doing(at, act)


def _of_line(run: Run, at: Path, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {key: one for key, one in values.items() if key in OF_LINE and key != "skill"}
    wanted["name"] = name
    if "skill" in values:
        wanted["entry_skill"] = run.skill((*at, "skill"), values["skill"])
    if "keywords" in values:
        words = run.mapping((*at, "keywords"), values["keywords"])
        wanted["keywords"] = [
            {"keyword": word, "skill": run.skill((*at, "keywords", word), to)}
            for word, to in words.items()
        ]
    return wanted


async def _made_line(
    run: Run,
    at: Path,
    of_name: Mapping[str, str],
    name: str,
    values: Mapping[str, Any],
    wanted: Mapping[str, Any],
) -> lines.LineDetail:
    connector = str(values.get("connector"))
    if connector not in of_name:
        raise run.file.refused(
            (*at, "connector"),
            f"there is no connector {connector}. Connect the provider first: its secret is in no "
            "file.",
        )
    if "entry_skill" not in wanted:
        raise run.file.refused(at, "the skill is missing.")
    new = {
        "name": name,
        "connector": of_name[connector],
        "address": values["address"],
        "entry_skill": wanted["entry_skill"],
    }
    made = run.model(NewLine, at, new).wanted
    line: lines.LineDetail = await run.doing(
        at, lines.create(run.caller, run.session, run.known, made)
    )
    return line


async def write_messages(run: Run) -> list[dict[str, Any]]:
    of_line = {one.line.id: one.line.name for one in await lines.listed(run.caller, run.session)}
    of_connector = {one.id: one.name for one in await connectors.listed(run.caller, run.session)}
    found = []
    for one in await automatic_messages.listed(run.caller, run.session):
        places = {
            "skill": run.name_of(one.skill_id),
            "line": of_line.get(one.line_id or ""),
            "connector": of_connector.get(one.connector_id or ""),
        }
        found.append(
            {"event": one.event, "language": one.language}
            | {name: place for name, place in places.items() if place}
            | {"text": one.text, "enabled": one.enabled}
        )
    return sorted(found, key=lambda one: tuple(str(value) for value in one.values()))


async def apply_messages(run: Run, value: object) -> None:
    where: Path = ("automatic_messages",)
    if not isinstance(value, list):
        raise run.file.refused(where, "a list is expected here.")
    held = await write_messages(run)
    of_line = {one.line.name: one.line.id for one in await lines.listed(run.caller, run.session)}
    of_connector = {one.name: one.id for one in await connectors.listed(run.caller, run.session)}
    for place, item in enumerate(value):
        at = (*where, place)
        values = run.mapping(at, item)
        known = {"event", "language", "skill", "line", "connector", "text", "enabled"}
        run.file.check_keys(at, values, known)
        if values in held:
            continue
        if values.get("event") not in tuple(Automatic):
            raise run.file.refused((*at, "event"), f"there is no message {values.get('event')}.")
        new = NewText(
            event=Automatic(values["event"]),
            text=str(values.get("text", "")),
            language=values.get("language"),
            enabled=bool(values.get("enabled", True)),
            skill=run.skill((*at, "skill"), values["skill"]) if "skill" in values else None,
            line=_named(run, (*at, "line"), of_line, values),
            connector=_named(run, (*at, "connector"), of_connector, values),
        )
        await run.doing(at, automatic_messages.put(run.caller, run.session, new))


def _named(run: Run, at: Path, known: Mapping[str, str], values: Mapping[str, Any]) -> str | None:
    name = values.get(str(at[-1]))
    if name is None:
        return None
    if name not in known:
        raise run.file.refused(at, f"there is no {at[-1]} {name}.")
    return known[name]


Write = Callable[[Run], Awaitable[Any]]
Apply = Callable[[Run, object], Awaitable[None]]
KINDS: Mapping[str, tuple[Write, Apply]] = {
    "skills": (write_skills, apply_skills),
    "account": (write_account, apply_account),
    "hours": (write_hours, apply_hours),
    "labels": (write_labels, apply_labels),
    "closing_reasons": (write_reasons, apply_reasons),
    "consumer_fields": (write_fields, apply_fields),
    "away_reasons": (write_away, apply_away),
    "consent_words": (write_keywords, apply_keywords),
    "lines": (write_lines, apply_lines),
    "automatic_messages": (write_messages, apply_messages),
}
"""In the order in which they are applied: skills first, which others name."""

LEFT_OUT: Mapping[str, str] = {
    "agent": "people set their own passwords: they are invited, or come from a CSV file",
    "agent_skill": "of people",
    "api_token": "a secret",
    "automatic_timer": "not yet",
    "bot": "has a secret, shown once where it is made",
    "connector": "has the provider's secret: it is entered on its page",
    "endpoint": "has a secret, shown once where it is made",
    "identity_provider": "has a secret, entered on its page",
    "line_set_up": "what was at the provider before; set up on the line's page",
    "menu": "not yet",
    "menu_number": "not yet",
    "menu_version": "not yet",
    "panel": "not yet",
    "skill_bot": "of bots",
    "source": "not yet",
    "survey": "not yet",
}
"""Tables of settings that are in no file, and why."""
IN_FILE: Mapping[str, str] = {
    "account": "account",
    "automatic_message": "automatic_messages",
    "away_reason": "away_reasons",
    "closing_reason": "closing_reasons",
    "closing_reason_skill": "closing_reasons",
    "consumer_field": "consumer_fields",
    "label": "labels",
    "line": "lines",
    "line_keyword": "lines",
    "skill": "skills",
    "skill_transfer_target": "skills",
    "special_day": "hours",
    "working_period": "hours",
}
