"""Kept filters that ask for an erased number by its end go with it, and others stay."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from database.engine import Sessions
from database.erasing.rows import About, count, erase
from database.tables import ExportSchedule, NamedView
from domain.erasure.sought import HIDDEN, sought
from tests.fixtures.brand import Brand

NUMBER = "+4917612398765"
DAILY = {"kind": "messages", "format": "csv", "every": "day", "hour": 5, "split_by": "day"}
THEIRS: list[tuple[str, dict[str, Any]]] = [
    ("Mine", {"number_part": "98765"}),
    ("Mine", {"number_part": "…9 87 65"}),
    ("Mine", {"number_part": "12398765"}),
    ("Mine", {"q": "from 12398765, again"}),
    ("Mine", {"q": "from 239-87 65"}),
    ("Mine", {"name": "2398765"}),
    ("The one of 12398765", {"label": ["refund"]}),
]
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("Mine", {"number_part": "765"}),
    ("Mine", {"number_part": "98764"}),
    ("Mine", {"number_part": "+49176"}),
    ("Mine", {"q": "order 98765"}),
    ("Mine", {"q": "+1 415 239 8765"}),
    ("Mine", {"q": "order 23987650"}),
    ("Mine", {"waits": 2398765}),
    ("The one of 98765", {"label": ["refund"]}),
]


@pytest.mark.parametrize("is_of_history", [False, True])
async def test_a_view_that_asks_for_the_end_of_an_erased_number_goes_and_others_stay(
    session_factory: Sessions, brand: Brand, is_of_history: bool
) -> None:
    made: dict[UUID, tuple[str, dict[str, Any]]] = {}
    async with session_factory.begin() as session:
        for name, filters in (*THEIRS, *OTHERS):
            id_ = uuid4()
            kept = {"filters": filters} if is_of_history else filters
            values = {"id": id_, "account_id": brand.account_id, "name": name, "filters": kept}
            await session.execute(insert(NamedView).values(**values, of_history=is_of_history))
            made[id_] = (name, filters)
        about = About(brand.account_id, [], [uuid4()], sought([(NUMBER, NUMBER)]))
        assert await count(session, "named_view", about) == len(THEIRS)
        assert await erase(session, "named_view", about, 100) == len(THEIRS)
        left = set(await session.scalars(select(NamedView.id)))
        assert [made[one] for one in made if one in left] == OTHERS


async def test_a_schedule_that_asks_for_the_end_of_an_erased_number_is_paused_without_it(
    session_factory: Sessions, brand: Brand
) -> None:
    id_ = uuid4()
    about = About(brand.account_id, [], [uuid4()], sought([(NUMBER, NUMBER)]))
    async with session_factory.begin() as session:
        asks = {"number_part": "98765", "label": ["refund"]}
        values = {"id": id_, "account_id": brand.account_id, "filters": asks, **DAILY}
        await session.execute(insert(ExportSchedule).values(**values, name="Texts of 239 8765"))
        assert await erase(session, "export_schedule", about, 100) == 1
        assert await count(session, "export_schedule", about) == 0
    async with session_factory() as session:
        now = await session.get_one(ExportSchedule, id_)
    assert (now.filters, now.name) == ({"label": ["refund"]}, f"Texts of {HIDDEN}")
    assert now.paused_at is not None
