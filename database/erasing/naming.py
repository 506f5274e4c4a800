"""Kept filters that ask for somebody who is erased, and what becomes of their exports."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from domain.exporting.kinds import NAMES_SOMEBODY, UNDER_WAY, ExportStatus
from domain.searching.naming import SEARCHED, Who

NAMES_THEM = "id = ANY(:naming)"
"""Kept filters that ask for an erased consumer, as `naming` has found them."""
FILTERS = {
    "named_view": "coalesce(filters -> 'filters', filters)",
    "export_schedule": "filters",
    "export": "filters",
}
"""Of each table with kept filters, where they are."""
PAGE = 500
"""Rows with filters that are in memory at once. Ours."""
WHO = "SELECT id, name, email FROM consumer WHERE id = ANY(:consumers)"
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
    rows = await session.execute(sql(WHO), {"consumers": list(consumers)})
    whose = [Who.called(str(id_), name, email) for id_, name, email in rows]
    return [
        id_
        async for id_, filters in _kept(session, table, account_id)
        if any(who.is_asked_for_by(filters) for who in whose)
    ]


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
