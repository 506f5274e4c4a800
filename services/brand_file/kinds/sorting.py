"""Words of the account's people: labels, closing reasons, and reasons for being away."""

from collections.abc import Collection

from database.tables import ClosingReason, Label
from domain.settings.kinds import LabelColour
from services.brand_file.fields import Field, fields_of
from services.brand_file.forms import Line, Many, Reference
from services.brand_file.kind import Kind, On, There, Values, Whole
from services.configuring import away_reasons, closing_reasons, labels
from services.configuring.closing_reasons import ClosingReasonChange
from services.configuring.labels import LabelChange


class Labels(Kind):
    section, one, tables = "labels", "label", ("label",)
    fields = fields_of(LabelChange, Label)

    async def present(self, on: On) -> list[There]:
        rows = await labels.listed(on.caller, on.session)
        return [There(row.id, self.shown(on, row)) for row in rows]

    async def add(self, on: On, values: Values) -> str:
        colour = LabelColour(str(values["colour"]))
        return (await labels.create(on.caller, on.session, str(values["name"]), colour)).id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(LabelChange, on, values, keys)
        await labels.change(on.caller, on.session, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await labels.retire(on.caller, on.session, row_id)


class ClosingReasons(Kind):
    section, one = "closing_reasons", "closing reason"
    tables = ("closing_reason", "closing_reason_skill")
    fields = (
        *fields_of(ClosingReasonChange, ClosingReason, but=["skills"]),
        Field("skills", "skills", Many(Reference("skills")), default=[]),
    )

    async def present(self, on: On) -> list[There]:
        found = await closing_reasons.listed(on.caller, on.session)
        form = Many(Reference("skills"))
        return [
            There(
                one.reason.id, self.shown(on, one.reason, skills=form.shown(one.skills, on.names))
            )
            for one in found
        ]

    async def add(self, on: On, values: Values) -> str:
        wanted = self.change_of(ClosingReasonChange, on, values, ["skills"])
        skills = wanted.skills if isinstance(wanted.skills, list) else []
        made = await closing_reasons.create(on.caller, on.session, str(values["name"]), skills)
        return made.reason.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(ClosingReasonChange, on, values, keys)
        await closing_reasons.change(on.caller, on.session, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await closing_reasons.retire(on.caller, on.session, row_id)


class AwayReasons(Whole):
    section, one, tables = "away_reasons", "reasons for being away", ("away_reason",)
    fields = (Field("reasons", "reasons", Many(Line(60), is_sorted=False, most=10), default=[]),)
    bare = "reasons"

    async def present(self, on: On) -> list[There]:
        return [There("", {"reasons": list(await away_reasons.listed(on.caller, on.session))})]

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        given = values["reasons"]
        wanted = [str(one) for one in given] if isinstance(given, list) else []
        await away_reasons.replace(on.caller, on.session, wanted)
