"""The account's own fields of consumers."""

from collections.abc import Collection

from database.tables import ConsumerField
from domain.consumers.fields import MOST_CHOICES
from domain.consumers.kinds import FieldKind
from domain.ids import slug
from domain.people.roles import Role
from services.brand_file.fields import REQUIRED, Field
from services.brand_file.forms import Choice, Line, Many, Number, Optional, YesNo
from services.brand_file.kind import Kind, On, There, Values
from services.configuring import consumer_fields
from services.configuring.consumer_fields import ConsumerFieldChange, NewConsumerField


class ConsumerFields(Kind):
    section, one, tables = "consumer_fields", "consumer field", ("consumer_field",)
    fields = (
        Field("name", "name", Line(), REQUIRED),
        Field("kind", "kind", Choice(FieldKind), REQUIRED, is_fixed=True),
        Field("placeholder", "placeholder", Optional(Line()), is_fixed=True),
        Field("choices", "choices", Many(Line(), is_sorted=False, most=MOST_CHOICES), default=[]),
        Field("seen_by", "seen_by", Choice(Role), default="agent"),
        Field("edited_by", "edited_by", Choice(Role), default="agent"),
        Field("is_required", "is_required", YesNo(), default=False),
        Field("position", "position", Number(), default=0),
    )

    async def present(self, on: On) -> list[There]:
        rows = await consumer_fields.listed(on.caller, on.session)
        return [There(row.id, self._values(on, row)) for row in rows]

    def _values(self, on: On, row: ConsumerField) -> Values:
        """Return a field's values. Its placeholder is named where its name does not tell it."""
        key = row.id.removeprefix(f"{on.caller.account_id}-")
        return self.shown(on, row, placeholder=key if key != slug(row.name) else None)

    async def add(self, on: On, values: Values) -> str:
        key = values["placeholder"]
        row_id = f"{on.caller.account_id}-{key}" if key is not None else None
        new = self.new_of(NewConsumerField, on, values, id=row_id)
        return (await consumer_fields.create(on.caller, on.session, new)).id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(ConsumerFieldChange, on, values, keys)
        await consumer_fields.change(on.caller, on.session, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await consumer_fields.retire(on.caller, on.session, row_id)
