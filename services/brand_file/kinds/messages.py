"""Automatic messages: their texts, their timers, and the survey after a conversation."""

from collections.abc import Collection, Mapping

from pydantic import JsonValue, ValidationError

from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting
from domain.errors import Invalid
from domain.survey.design import SurveyDesign
from domain.survey.kinds import FollowUp, Interruption
from domain.survey.scales import READY
from services.brand_file.fields import REQUIRED, Field
from services.brand_file.forms import (
    Anything,
    Choice,
    Duration,
    Line,
    Many,
    Number,
    Optional,
    Reference,
    Text,
    YesNo,
)
from services.brand_file.kind import Kind, On, There, Values
from services.configuring import automatic_messages, surveys, timers
from services.configuring.automatic_messages import NewText

LINE = Field("line", "line", Optional(Reference("lines")), is_fixed=True)
SKILL = Field("skill", "skill", Optional(Reference("skills")), is_fixed=True)
CONNECTOR = Field("connector", "connector", Optional(Reference("connectors")), is_fixed=True)
EVENT = Field("event", "event", Choice(Automatic), REQUIRED, is_fixed=True)
SECTIONS = {"line": "lines", "skill": "skills", "connector": "connectors"}


def scope_of(on: On, **ids: str | None) -> dict[str, JsonValue] | None:
    """Return the names of what a setting is for; None if any of it is retired."""
    names = {key: on.names.name_of(SECTIONS[key], one) if one else None for key, one in ids.items()}
    return None if any(ids[key] and names[key] is None for key in ids) else {**names}


def ids_of(on: On, values: Values) -> dict[str, str | None]:
    """Return the ids of what a setting is for, as the services take them."""
    return {
        key: on.names.id_of(section, str(values[key])) if values.get(key) is not None else None
        for key, section in SECTIONS.items()
        if key in values
    }


class Messages(Kind):
    section, one, tables = "messages", "automatic message", ("automatic_message",)
    key = ("event", "language", "line", "skill", "connector")
    fields = (
        EVENT,
        Field("language", "language", Line(), REQUIRED, is_fixed=True),
        *(LINE, SKILL, CONNECTOR),
        Field("text", "text", Text(), REQUIRED),
        Field("enabled", "enabled", YesNo(), default=True),
    )

    async def present(self, on: On) -> list[There]:
        found = []
        for row in await automatic_messages.listed(on.caller, on.session):
            scope = scope_of(on, line=row.line_id, skill=row.skill_id, connector=row.connector_id)
            if scope is not None:
                found.append(There(str(row.id), self.shown(on, row, **scope)))
        return sorted(found, key=lambda one: [str(part) for part in self.identity(one.values)])

    async def add(self, on: On, values: Values) -> str:
        new = self.new_of(NewText, on, values)
        return str((await automatic_messages.put(on.caller, on.session, new)).id)

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        await self.add(on, values)

    async def retire(self, on: On, row_id: str) -> None:
        await automatic_messages.remove(on.caller, on.session, int(row_id))


class Timers(Kind):
    section, one, tables = "timers", "timer", ("automatic_timer",)
    key = ("event", "line", "skill")
    fields = (
        *(EVENT, LINE, SKILL),
        Field("delay", "delay_seconds", Duration(), REQUIRED),
        Field("repeats", "repeats", Number(), default=1),
    )

    async def present(self, on: On) -> list[There]:
        found = []
        for row in await timers.listed(on.caller, on.session):
            scope = scope_of(on, line=row.line_id, skill=row.skill_id)
            if scope is not None:
                found.append(There(str(row.id), self.shown(on, row, **scope)))
        return sorted(found, key=lambda one: [str(part) for part in self.identity(one.values)])

    async def add(self, on: On, values: Values) -> str:
        delay = Duration(is_delta=True).meant(values["delay"], on.names)
        timer = Timer.model_validate({"delay": delay, "repeats": values["repeats"]})
        ids = ids_of(on, values)
        setting = TimerSetting(Automatic(str(values["event"])), timer, ids["line"], ids["skill"])
        return str((await timers.put(on.caller, on.session, setting)).id)

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        await self.add(on, values)

    async def retire(self, on: On, row_id: str) -> None:
        await timers.remove(on.caller, on.session, int(row_id))


USUAL = SurveyDesign()
SCALE = f"Write the name of a scale ({', '.join(READY)}), or what a scale of your own is made of."
LONG = Duration(is_delta=True)


class Surveys(Kind):
    section, one, tables = "surveys", "survey", ("survey",)
    key = ("line", "connector")
    fields = (
        *(LINE, CONNECTOR),
        Field("enabled", "enabled", YesNo(), default=USUAL.enabled),
        Field("scale", "scale", Anything(SCALE, is_word=True), default=USUAL.scale),
        Field("questions", "questions", Number(), default=USUAL.questions),
        Field("timeout", "timeout", LONG, default="1 h"),
        Field(
            "interruption", "interruption", Choice(Interruption), default=str(USUAL.interruption)
        ),
        Field("late_within", "late_within", LONG, default="1 day"),
        Field("follow_ups", "follow_ups", Many(Choice(FollowUp), is_sorted=False), default=[]),
        Field("minimum_texts", "minimum_texts", Number(), default=USUAL.minimum_texts),
        Field("once_per", "once_per", Optional(LONG, "never"), default=None),
        Field("sample_percent", "sample_percent", Number(), default=USUAL.sample_percent),
    )

    def label(self, values: Values) -> str:
        return super().label(values) or "of the account"

    async def present(self, on: On) -> list[There]:
        found = []
        for row in await surveys.listed(on.caller, on.session):
            scope = scope_of(on, line=row.line_id, connector=row.connector_id)
            if scope is not None:
                design = SurveyDesign.stored(row.definition)
                scale = design.model_dump(mode="json")["scale"]
                found.append(There(str(row.id), self.shown(on, design, scale=scale, **scope)))
        return sorted(found, key=lambda one: [str(part) for part in self.identity(one.values)])

    async def add(self, on: On, values: Values) -> str:
        keys = [one.key for one in self.fields if one.key not in self.key]
        design = self._design(self._meant(on, values, keys))
        ids = ids_of(on, values)
        made = await surveys.put(
            on.caller, on.session, design, line_id=ids["line"], connector_id=ids["connector"]
        )
        return str(made.id)

    def _design(self, values: Mapping[str, object]) -> SurveyDesign:
        try:
            return SurveyDesign.model_validate(values)
        except ValidationError as error:
            # A scale is a name or a group: what is wrong with the group says more, and comes last.
            first = error.errors()[-1]
            where = ".".join(str(part) for part in first["loc"] if part != "Scale")
            said = first["msg"].removeprefix("Value error, ").rstrip(".")
            raise Invalid(f"{where}: {said}.") from None

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        await self.add(on, values)

    async def retire(self, on: On, row_id: str) -> None:
        await surveys.remove(on.caller, on.session, int(row_id))
