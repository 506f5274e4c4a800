"""Connectors and lines. Credentials are never in a file."""

from collections.abc import Collection
from dataclasses import replace

from pydantic import JsonValue

from database.queries import line_health
from database.tables import Connector, Line
from domain.errors import Conflict, Invalid, NumberInvalid
from domain.numbers.countries import COUNTRIES
from domain.numbers.phone_numbers import phone_of
from services.brand_file.fields import REQUIRED, Field, fields_of
from services.brand_file.forms import (
    Duration,
    Many,
    OneOf,
    Optional,
    Reference,
    Table,
)
from services.brand_file.forms import (
    Line as OneLine,
)
from services.brand_file.kind import Kind, On, There, Values
from services.configuring import connectors, lines
from services.configuring.connectors import ConnectorChange, NewConnector
from services.configuring.lines import LineChange, LineDetail, NewLine

GIVEN = "to be given"
"""What stands in a file in place of credentials."""
WORDS = Table(Reference("skills"), longest=40, most=50)


class Connectors(Kind):
    section, one, tables = "connectors", "connector", ("connector",)
    fields = (
        Field("name", "name", OneLine(), REQUIRED),
        Field("provider", "provider", OneLine(), REQUIRED, is_fixed=True),
        *fields_of(ConnectorChange, Connector, but=["name", "secret"]),
    )
    note = (
        "Credentials of connectors are never written here. Whoever applies the file gives those "
        "of new connectors."
    )

    async def present(self, on: On) -> list[There]:
        rows = await connectors.listed(on.caller, on.session)
        return [There(row.id, self.shown(on, row)) for row in rows]

    async def add(self, on: On, values: Values) -> str:
        secret = on.secrets.get(str(values["name"]))
        described = on.outfit.providers.descriptions.get(str(values["provider"]))
        if secret is None and on.is_trial and described is not None:
            secret = dict(described.example)
        if secret is None and described is not None:
            raise Invalid(f"The credentials of the connector {values['name']} are not given.")
        new = self.new_of(NewConnector, on, values, secret=secret or {})
        made = await connectors.create(on.caller, on.session, on.outfit.providers, new)
        return made.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(ConnectorChange, on, values, keys)
        await connectors.change(on.caller, on.session, on.outfit.providers, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await connectors.retire(on.caller, on.session, row_id)


class Lines(Kind):
    section, one, tables = "lines", "line", ("line", "line_keyword")
    key = ("number",)
    fields = (
        Field("name", "name", OneLine(), REQUIRED),
        Field("number", "address", OneLine(), REQUIRED, is_fixed=True),
        Field("connector", "connector", Reference("connectors"), REQUIRED, is_fixed=True),
        *(
            replace(one, default=None, keeps=True) if one.key == "kind" else one
            for one in fields_of(
                LineChange,
                Line,
                but=["name", "countries", "keywords"],
                forms={"entry_skill": Reference("skills"), "priority": Duration(60)},
                required=["entry_skill"],
            )
        ),
        Field("countries", "countries", Optional(Many(OneOf(words=COUNTRIES)))),
        Field("keywords", "keywords", WORDS, default={}),
    )

    async def present(self, on: On) -> list[There]:
        found = await lines.listed(on.caller, on.session)
        return [There(one.line.id, self._values(on, one)) for one in found]

    def _values(self, on: On, one: LineDetail) -> Values:
        return self.shown(
            on,
            one.line,
            connector=on.names.name_of("connectors", one.line.connector_id),
            entry_skill=on.names.name_of("skills", one.line.entry_skill_id),
            keywords=WORDS.shown(one.keywords, on.names),
        )

    def label(self, values: Values) -> str:
        return str(values["name"])

    def identity(self, values: Values) -> tuple[JsonValue, ...]:
        """Return the number as it is kept: people write spaces in it."""
        written = str(values["number"])
        try:
            return (phone_of(written).key,)
        except NumberInvalid:
            return (written.strip().lower(),)

    async def add(self, on: On, values: Values) -> str:
        new = self.new_of(NewLine, on, values, keywords=self._keywords(on, values))
        made = await lines.create(on.caller, on.session, on.outfit.providers, new)
        if values["countries"] is not None:
            await self.change(on, made.line.id, values, ["countries"])
        return made.line.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        meant = self._meant(on, values, keys)
        if "keywords" in keys:
            meant["keywords"] = self._keywords(on, values)
        wanted = LineChange(**meant)
        await lines.change(on.caller, on.session, on.outfit.providers, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        if await line_health.set_up_of(on.session, row_id) is not None:
            name = on.names.name_of("lines", row_id)
            raise Conflict(
                f"The provider posts the texts of the line {name} to us. Retire it on its page, "
                "where that is taken back."
            )
        await lines.retire(on.caller, on.session, row_id)

    def _keywords(self, on: On, values: Values) -> list[tuple[str, str]]:
        given = values["keywords"]
        skills = given if isinstance(given, dict) else {}
        return [(word, on.names.id_of("skills", str(name))) for word, name in skills.items()]
