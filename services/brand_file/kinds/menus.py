"""Menus of phone calls, in their present version."""

from collections.abc import Collection

from pydantic import JsonValue

from domain.calls.kinds import Wording
from domain.calls.menu import Design
from domain.origins.look_back import LONGEST_SECONDS, SHORTEST_SECONDS
from domain.settings.allowed import Range
from services.brand_file.fields import REQUIRED, Field
from services.brand_file.forms import (
    Anything,
    Duration,
    Line,
    Many,
    Optional,
    Reference,
    Table,
    Text,
    YesNo,
)
from services.brand_file.kind import Kind, On, There, Values
from services.configuring import menus
from services.configuring.menus import MenuChange, MenuDetail, NewMenu

DESIGN = (*("line", "skill", "languages", "texts", "keep_waiting", "look_back", "texts_missed"),)
WAITING = "Write kind: queue, dial or pass_on, with what belongs to it."
LOOK_BACK = Range(SHORTEST_SECONDS, LONGEST_SECONDS)
KEEP_WAITING: JsonValue = {"kind": "queue", "name": "support", "offer_after_seconds": 60}


class Menus(Kind):
    section, one = "menus", "phone menu"
    tables = ("menu", "menu_number", "menu_version")
    fields = (
        Field("name", "name", Line(), REQUIRED),
        Field("numbers", "numbers", Many(Line(), most=50), default=[]),
        Field("line", "line", Reference("lines"), REQUIRED),
        Field("skill", "skill", Optional(Reference("skills"))),
        Field("languages", "languages", Many(Line(), is_sorted=False), default=["en"]),
        Field("texts", "texts", Table(Table(Text(), Wording)), default={}),
        Field("keep_waiting", "keep_waiting", Anything(WAITING), default=KEEP_WAITING),
        Field("look_back", "look_back_seconds", Duration(), default="3 days", within=LOOK_BACK),
        Field("texts_missed", "texts_missed", YesNo(), default=False),
    )
    note = "Older versions of phone menus are kept, and are not in a file."

    async def present(self, on: On) -> list[There]:
        found = await menus.listed(on.caller, on.session)
        return [
            There(one.at.menu.id, self._values(on, one))
            for one in found
            if on.names.name_of("lines", one.at.design.line) is not None
        ]

    def _values(self, on: On, one: MenuDetail) -> Values:
        design = one.at.design.model_dump(mode="json")
        skill = one.at.design.skill
        return self.shown(
            on,
            one.at.design,
            name=one.at.menu.name,
            numbers=[*sorted(row.number for row in one.numbers)],
            line=on.names.name_of("lines", one.at.design.line),
            skill=on.names.name_of("skills", skill) if skill else None,
            keep_waiting=design["keep_waiting"],
        )

    def _design(self, on: On, values: Values) -> Design:
        return menus.design_of(self._meant(on, values, DESIGN))

    def _numbers(self, values: Values) -> list[str]:
        given = values["numbers"]
        return [str(one) for one in given] if isinstance(given, list) else []

    async def add(self, on: On, values: Values) -> str:
        new = NewMenu(str(values["name"]), self._design(on, values), self._numbers(values))
        return (await menus.create(on.caller, on.session, new)).at.menu.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = MenuChange(str(values["name"]), self._design(on, values), self._numbers(values))
        await menus.change(on.caller, on.session, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await menus.retire(on.caller, on.session, row_id)
