"""Kept filters that ask for somebody who is erased, and what becomes of their exports."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumer_fields
from database.queries.words import asks_for_each, of_field
from database.tables import Consumer
from domain.consumers.own_values import OwnValue, own_values, values_asked_for
from domain.erasure.sought import FEWEST_OF_PART
from domain.exporting.kinds import NAMES_SOMEBODY, UNDER_WAY, ExportStatus
from domain.people.roles import Role
from domain.searching.naming import SEARCHED, Who
from domain.searching.words import Sought

NAMES_THEM = "id = ANY(:naming)"
"""Kept filters that ask for an erased consumer, as `naming` has found them."""
FILTERS = {
    "named_view": "coalesce(filters -> 'filters', filters)",
    "export_schedule": "filters",
    "export": "filters",
}
"""Of each table with kept filters, where they are."""
NAMED = {"named_view", "export_schedule"}
"""Those that people give a name."""
IN_WORDS = sorted(NAMES_SOMEBODY - {"consumer"})
ASKED_BY_END = {
    table: f"""(
        account_id = :account AND (
            concat_ws(
                ' ', {"name" if table in NAMED else "NULL"},
                {", ".join(f"({filters}) ->> {key!r}" for key in IN_WORDS)}
            ) ~ :ends
            OR EXISTS (
                SELECT FROM unnest(CAST(:whole AS text[])) AS whole (number),
                    regexp_replace(({filters}) ->> 'number_part', '[^0-9]', '', 'g') AS part
                WHERE length(part) >= {FEWEST_OF_PART} AND right(number, length(part)) = part
            )
        )
    )"""
    for table, filters in FILTERS.items()
}
"""Conditions of each: its words hold the end of a number, or it asks for a part that is one."""
PAGE = 500
"""Rows with filters that are in memory at once. Ours."""
OTHERS = 100
"""Consumers with all words of a value in its field who are looked at: more have a common one. Ours.
"""
WHO = "SELECT id, name, email, fields FROM consumer WHERE id = ANY(:consumers)"
MAY_NAME = ", ".join(repr(one) for one in ("consumer", *SEARCHED))
KEPT = f"""
    SELECT id, {{filters}} AS filters FROM {{name}}
    WHERE account_id = :account AND jsonb_exists_any({{filters}}, ARRAY[{MAY_NAME}])
        AND (CAST(:after AS uuid) IS NULL OR id > :after)
    ORDER BY id LIMIT :page
"""  # noqa: S608 - our own words
WITHOUT_NAMES = f"filters - ARRAY[{', '.join(repr(one) for one in sorted(NAMES_SOMEBODY))}]"
"""Filters without those that may name a consumer."""
IS_UNDER_WAY = f"status IN ({', '.join(repr(str(one)) for one in sorted(UNDER_WAY))})"
TAKEN = f"""
    WHEN {IS_UNDER_WAY} THEN '{ExportStatus.failed}'
    WHEN status = '{ExportStatus.done}' THEN '{ExportStatus.expired}'
"""
"""What becomes of an export whose file is taken back."""


async def naming(
    session: AsyncSession, table: str, account_id: str, consumers: Sequence[UUID]
) -> list[UUID]:
    """Return rows of a table whose kept filters ask for consumers who still have their names.

    Nothing is kept between steps of an erasure: names are erased after what they find.
    """
    if table not in FILTERS or not consumers:
        return []
    rows = (await session.execute(sql(WHO), {"consumers": list(consumers)})).all()
    whose = [Who.called(str(one.id), one.name, one.email) for one in rows]
    own = await _own(session, account_id, consumers, [one.fields for one in rows])
    return [
        id_
        async for id_, filters in _kept(session, table, account_id)
        if any(who.is_asked_for_by(filters) for who in whose) or await own.name_them_in(filters)
    ]


@dataclass
class _Own:
    """What erased consumers have in fields of their account's own, and whose else it is.

    A value of others, such as a tier, names nobody. Only what filters ask for is looked up, once.
    """

    session: AsyncSession
    account_id: str
    consumers: Sequence[UUID]
    values: frozenset[OwnValue]
    known: dict[OwnValue, bool] = field(default_factory=dict)

    async def name_them_in(self, filters: Mapping[str, Any]) -> bool:
        """Say whether filters ask for a value that no other consumer has."""
        for value in values_asked_for(self.values, filters):
            if value not in self.known:
                self.known[value] = await self._is_anothers(value)
            if not self.known[value]:
                return True
        return False

    async def _is_anothers(self, value: OwnValue) -> bool:
        its = [[Sought(of_field(value.field.id, one), begins=False)] for one in value.words]
        query = select(Consumer.fields[value.field.id].astext).where(
            Consumer.account_id == self.account_id,
            Consumer.id.not_in(self.consumers),
            Consumer.words.bool_op("@@")(asks_for_each(self.account_id, its)),
        )
        others = (await self.session.scalars(query.limit(OTHERS))).all()
        return len(others) == OTHERS or any(value.is_same_as(one or "") for one in others)


async def _own(
    session: AsyncSession,
    account_id: str,
    consumers: Sequence[UUID],
    values: Sequence[Mapping[str, Any]],
) -> _Own:
    if not any(values):
        return _Own(session, account_id, consumers, frozenset())
    rows = await consumer_fields.seen(session, account_id, [*Role], retired=True)
    fields = [consumer_fields.definition(row) for row in rows]
    found = frozenset(one for each in values for one in own_values(fields, each))
    return _Own(session, account_id, consumers, found)


async def _kept(
    session: AsyncSession, table: str, account_id: str
) -> AsyncIterator[tuple[UUID, Mapping[str, Any]]]:
    """Yield the filters of a table's rows that may name somebody, some of them in memory."""
    query = sql(KEPT.format(name=table, filters=FILTERS[table]))
    after = None
    while True:
        of = {"account": account_id, "after": after, "page": PAGE}
        page = (await session.execute(query, of)).all()
        for id_, filters in page:
            yield id_, filters
        if len(page) < PAGE:
            return
        after = page[-1].id
