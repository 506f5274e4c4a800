"""Saved replies that the account shares, and sources."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue, TypeAdapter, ValidationError

from database.tables import Source
from domain.origins.sources import without_keyword
from domain.writing.saved_replies import Action
from services.brand_file.fields import REQUIRED, Field
from services.brand_file.forms import (
    Anything,
    Line,
    Many,
    NotThis,
    Reading,
    Reference,
    Referred,
    Table,
    Text,
)
from services.brand_file.kind import Kind, On, There, Values
from services.brand_file.names import PEOPLE, Names
from services.brand_file.tree import Entries, Node, Scalar
from services.configuring import saved_replies, sources
from services.configuring.saved_replies import NewSavedReply, SavedReplyChange
from services.configuring.sources import NewSource, SourceChange

TARGETS = {"label": "labels", "reason": "closing_reasons", "skill": "skills", "agent": PEOPLE}
ACTION: TypeAdapter[Action] = TypeAdapter(Action)


@dataclass(frozen=True)
class ActionForm:
    """What is done after a saved reply was sent, with names of labels, reasons, skills, people."""

    def read(self, node: Node, reading: Reading) -> JsonValue:
        if not isinstance(node, Entries):
            raise NotThis(node, "An action is expected here, such as kind: label, label: Refund.")
        for key, section in TARGETS.items():
            name = node.values.get(key)
            if isinstance(name, Scalar) and not name.is_nothing:
                reading.referred.append(Referred(section, name.text, name.line))
        value = Anything().read(node, reading)
        try:
            ACTION.validate_python(value)
        except ValidationError as error:
            said = error.errors()[0]["msg"].removeprefix("Value error, ").rstrip(".")
            raise NotThis(node, f"This is no action: {said}.") from None
        return value

    def meant(self, value: JsonValue, names: Names) -> object:
        given = value if isinstance(value, dict) else {}
        ids = {
            key: names.id_of(TARGETS[key], str(one)) if key in TARGETS and one is not None else one
            for key, one in given.items()
        }
        return ACTION.validate_python(ids)

    def shown(self, value: object, names: Names) -> JsonValue:
        given = value if isinstance(value, Mapping) else {}
        return {
            key: names.name_of(TARGETS[key], one) if key in TARGETS else one
            for key, one in given.items()
            if one is not None
        }


class SavedReplies(Kind):
    section, one, tables = "saved_replies", "saved reply", ("saved_reply",)
    fields = (
        Field("name", "name", Line(), REQUIRED),
        Field("title", "title", Line(), REQUIRED),
        Field("texts", "texts", Table(Text()), REQUIRED),
        Field("skills", "skills", Many(Reference("skills")), default=[]),
        Field("actions", "actions", Many(ActionForm(), is_sorted=False), default=[]),
    )
    note = "People's own saved replies are theirs."

    async def present(self, on: On) -> list[There]:
        found = await saved_replies.listed(on.caller, on.session)
        skills = Many(Reference("skills"))
        return [
            There(
                str(one.reply.id),
                self.shown(on, one.reply, skills=skills.shown(one.reply.skill_ids, on.names)),
            )
            for one in found
            if one.reply.agent_id is None
        ]

    async def add(self, on: On, values: Values) -> str:
        new = self.new_of(NewSavedReply, on, values, is_shared=True)
        return str((await saved_replies.create(on.caller, on.session, new)).id)

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(SavedReplyChange, on, values, keys)
        await saved_replies.change(on.caller, on.session, UUID(row_id), wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await saved_replies.delete(on.caller, on.session, UUID(row_id))


class Sources(Kind):
    section, one, tables = "sources", "source", ("source",)
    fields = (
        Field("name", "name", Line(), REQUIRED),
        Field("line", "line", Reference("lines"), REQUIRED, is_fixed=True),
        Field("skill", "skill", Reference("skills"), REQUIRED),
        Field("keyword", "keyword", Text(40), default=""),
        Field("first_text", "first_text", Text(), default=""),
    )

    async def present(self, on: On) -> list[There]:
        found = await sources.listed(on.caller, on.session)
        return [
            There(one.source.id, self._values(on, one.source))
            for one in found
            if on.names.name_of("lines", one.source.line_id) is not None
        ]

    def _values(self, on: On, row: Source) -> Values:
        return self.shown(
            on,
            row,
            line=on.names.name_of("lines", row.line_id),
            skill=on.names.name_of("skills", row.skill_id),
            keyword=row.keyword or "",
            first_text=without_keyword(row.keyword or "", row.first_text),
        )

    async def add(self, on: On, values: Values) -> str:
        new = self.new_of(NewSource, on, values)
        return (await sources.create(on.caller, on.session, new)).source.id

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(SourceChange, on, values, keys)
        await sources.change(on.caller, on.session, row_id, wanted)

    async def retire(self, on: On, row_id: str) -> None:
        await sources.retire(on.caller, on.session, row_id)
