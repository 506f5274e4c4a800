"""Programs of the brand's own: bots, addresses for events, and panels of other systems."""

from collections.abc import Collection

from database.tables import Bot, Endpoint
from domain.conversation.kinds import EventKind
from services.brand_file.fields import REQUIRED, Field, fields_of
from services.brand_file.forms import Choice, Line, Many, Number, Optional, Reference, Table, Text
from services.brand_file.kind import Kind, On, There, Values
from services.configuring import bots, endpoints, panels
from services.configuring.bots import BotChange, NewBot
from services.configuring.endpoints import EndpointChange, NewEndpoint
from services.configuring.panels import NewPanel, PanelChange


class Bots(Kind):
    section, one, tables = "bots", "bot", ("bot",)
    fields = fields_of(
        BotChange,
        Bot,
        forms={"fallback_skill": Reference("skills"), "disclosures": Table(Text(400), most=50)},
        required=["fallback_skill", "mode"],
    )
    note = (
        "Signing secrets of bots and endpoints are made when they are added. Their pages give new "
        "ones."
    )

    async def present(self, on: On) -> list[There]:
        found = await bots.listed(on.caller, on.session)
        return [
            There(
                one.bot.id,
                self.shown(
                    on,
                    one.bot,
                    fallback_skill=on.names.name_of("skills", one.bot.fallback_skill_id),
                ),
            )
            for one in found
        ]

    async def add(self, on: On, values: Values) -> str:
        new = self.new_of(NewBot, on, values)
        return (await bots.create(on.caller, on.session, on.outfit.signing, new)).state.bot.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(BotChange, on, values, keys)
        await bots.change(on.caller, on.session, on.outfit.signing, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await bots.retire(on.caller, on.session, row_id)


class Endpoints(Kind):
    section, one, tables = "endpoints", "endpoint", ("endpoint",)
    fields = fields_of(
        EndpointChange,
        Endpoint,
        forms={"kinds": Optional(Many(Choice(EventKind)))},
        defaults={"includes_texts": False},
    )

    async def present(self, on: On) -> list[There]:
        rows = await endpoints.listed(on.caller, on.session)
        return [There(row.id, self.shown(on, row)) for row in rows]

    async def add(self, on: On, values: Values) -> str:
        new = self.new_of(NewEndpoint, on, values)
        made = await endpoints.create(on.caller, on.session, on.outfit.signing, new)
        return made.endpoint.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(EndpointChange, on, values, keys)
        await endpoints.change(on.caller, on.session, on.outfit.signing, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await endpoints.retire(on.caller, on.session, row_id)


class Panels(Kind):
    section, one, tables = "panels", "side panel", ("panel",)
    fields = (
        Field("name", "name", Line(), REQUIRED),
        Field("template", "template", Text(), REQUIRED),
        Field("position", "position", Number(), default=0),
    )

    async def present(self, on: On) -> list[There]:
        rows = await panels.listed(on.caller, on.session)
        return [There(row.id, self.shown(on, row)) for row in rows]

    async def add(self, on: On, values: Values) -> str:
        new = self.new_of(NewPanel, on, values)
        return (await panels.create(on.caller, on.session, new, on.outfit.own_origin)).id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(PanelChange, on, values, keys)
        await panels.change(on.caller, on.session, row_id, wanted, on.outfit.own_origin)

    async def retire(self, on: On, row_id: str) -> None:
        await panels.retire(on.caller, on.session, row_id)
