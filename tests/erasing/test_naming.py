"""What names an erased consumer, and so goes with them; and what only sounds like it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from database.engine import Sessions
from database.erasing import naming
from database.erasing.rows import About, erase
from database.queries.exports import states
from database.queries.profiles import profile_of, write
from database.tables import Alert, Consumer, ConsumerField, Export, ExportSchedule, NamedView
from domain.consumers.kinds import FieldKind
from domain.exporting.kinds import NAMED_ERASED, TAKEN_BACK, ExportStatus
from domain.people.roles import Role
from services.exporting import schedules
from services.exporting.schedules import ScheduleChange
from services.supervising.alerts import AlertWatch
from tests.fixtures.brand import Brand
from tests.services.callers import caller

WHO = {"name": "Dr. Anna Grün-Lee", "email": "anna.gruen@gmail.test"}
DAILY = {"name": "Daily", "format": "csv", "every": "day", "hour": 5, "split_by": "day"}
MESSAGES = {"kind": "messages"}


@dataclass
class Named:
    """A consumer of a brand who is erased."""

    sessions: Sessions
    account_id: str
    consumer_id: UUID

    async def schedule(self, filters: Mapping[str, Any]) -> UUID:
        async with self.sessions.begin() as session:
            made, of = uuid4(), {"account_id": self.account_id, "filters": filters}
            await session.execute(insert(ExportSchedule).values(id=made, **of, **DAILY, **MESSAGES))
        return made

    async def view(self, filters: Mapping[str, Any]) -> UUID:
        async with self.sessions.begin() as session:
            made, of = uuid4(), {"account_id": self.account_id, "name": "Mine"}
            kept = {"filters": {"filters": filters}, "of_history": True}
            await session.execute(insert(NamedView).values(id=made, **of, **kept))
        return made

    async def export(
        self,
        status: ExportStatus,
        schedule_id: UUID | None = None,
        filters: Mapping[str, str] | None = None,
    ) -> UUID:
        async with self.sessions.begin() as session:
            made, of = uuid4(), {"account_id": self.account_id, "schedule_id": schedule_id}
            how = {"status": str(status), "format": "csv", "due_at": datetime.now(UTC), **MESSAGES}
            asks = filters or {"consumer": str(self.consumer_id)}
            await session.execute(insert(Export).values(id=made, **of, **how, filters=asks))
        return made

    async def erase(self, *tables: str) -> None:
        for name in tables:
            async with self.sessions.begin() as session:
                about = About(self.account_id, [], [self.consumer_id])
                assert await erase(session, name, about, 100) >= 0

    async def now(self, schedule_id: UUID) -> ExportSchedule:
        async with self.sessions() as session:
            return await session.get_one(ExportSchedule, schedule_id)


@pytest.fixture
async def named(brand: Brand, session_factory: Sessions) -> Named:
    consumer_id = uuid4()
    async with session_factory.begin() as session:
        of = {
            "id": consumer_id,
            "account_id": brand.account_id,
            "phone": "+15550123",
            "number": "+15550123",
        }
        await session.execute(insert(Consumer).values(**of, **WHO))
    return Named(session_factory, brand.account_id, consumer_id)


async def test_whole_words_of_a_name_are_about_its_consumer_and_parts_of_them_are_not(
    named: Named,
) -> None:
    theirs: list[dict[str, str]] = [
        {"consumer": str(named.consumer_id)},
        {"name": "dr. anna grün-lee"},
        {"name": "Anna.Gruen@GMAIL.test"},
        {"name": " Anna "},
        {"name": "lee"},
        {"name": "Grün Lee"},
        {"q": "letter of Dr Anna Grün-Lee, again"},
        {"q": "from anna.gruen@gmail.test"},
    ]
    others: list[dict[str, str]] = [
        *({"name": one} for one in ("an", "ann", "nna", "gmail", "test", "dr", "Anna Other", "")),
        *({"q": one} for one in ("anna", "lee", "joanna.gruen@gmail.test2", "Dr. Anna Grün-Leers")),
        {"label": "anna"},
    ]
    rows = {await named.schedule(one): one for one in (*theirs, *others)}
    await named.erase("export_schedule")
    paused = [one for id_, one in rows.items() if (await named.now(id_)).paused_at]
    assert paused == theirs


@pytest.mark.parametrize(
    ("called", "theirs", "others"),
    [
        (
            "Anna Müller-Grün",
            [
                *({"name": one} for one in ("Müller, Anna", "Muller", "ANNA MULLER", "Anna Grün")),
                *(
                    {"name": one}
                    for one in ("Anna Müller-Grun", "Mu\u0308ller", "Anna Mül", "grün x")
                ),
                *({"q": one} for one in ("Muller Anna", "to grun-muller, anna, again")),
            ],
            [*({"name": one} for one in ("Mül", "an", "Müllers", "Anna Berg")), {"q": "Muller"}],
        ),
        ("山田太郎", [{"name": "山田"}, {"name": "太郎"}, {"name": "山田太郎"}], [{"name": "山"}]),
        ("Bo Li", [{"name": "li, bo"}, {"q": "Li and Bo"}], [{"name": "bo"}, {"name": "Li An"}]),
    ],
)
async def test_words_of_a_name_are_about_its_consumer_however_the_search_finds_them(
    named: Named, called: str, theirs: list[dict[str, str]], others: list[dict[str, str]]
) -> None:
    async with named.sessions.begin() as session:
        (await session.get_one(Consumer, named.consumer_id)).name = called
    rows = {await named.schedule(one): one for one in (*theirs, *others)}
    await named.erase("export_schedule", "export_schedule")
    paused = [one for id_, one in rows.items() if (await named.now(id_)).paused_at]
    assert paused == theirs


async def has(named: Named, consumer_id: UUID, **fields: str | bool) -> None:
    """Let a consumer have these values of their account's own fields."""
    async with named.sessions.begin() as session:
        row = await session.get_one(Consumer, consumer_id)
        values = {f"{named.account_id}-{key}": value for key, value in fields.items()}
        write([row], replace(profile_of(row), fields=values), 1)


async def fields_of(named: Named, **kinds: FieldKind) -> None:
    """Let the account keep fields of these kinds."""
    async with named.sessions.begin() as session:
        for key, kind in kinds.items():
            of = {"id": f"{named.account_id}-{key}", "account_id": named.account_id, "name": key}
            how = {"kind": str(kind), "seen_by": "admin", "edited_by": "admin"}
            await session.execute(insert(ConsumerField).values(**of, **how))


async def another(named: Named, **fields: str | bool) -> None:
    """Let another consumer of the account have such values."""
    id_, number = uuid4(), f"+1555{uuid4().int % 10**7}"
    async with named.sessions.begin() as session:
        of = {"id": id_, "account_id": named.account_id}
        await session.execute(insert(Consumer).values(**of, number=number, phone=number))
    await has(named, id_, **fields)


async def test_a_value_that_no_other_consumer_has_in_a_field_names_its_own(named: Named) -> None:
    await fields_of(
        named,
        loyalty=FieldKind.text,
        card=FieldKind.number,
        tier=FieldKind.text,
        city=FieldKind.text,
        vip=FieldKind.yes_no,
    )
    own = {"loyalty": "LÖY-zzq77 Ä", "tier": "Gold", "card": "47110", "city": "New Ulm"}
    await has(named, named.consumer_id, **own, vip=True)
    await another(named, tier="gold", loyalty="LÖY-zzq77 B", city="Ulm")
    theirs: list[dict[str, Any]] = [
        *({"field": [one]} for one in ("loyalty:LÖY-zzq77 Ä", "loyalty:loy zzq77 a")),
        *({"field": [one]} for one in ("card:47110", "card: 0047110", "city:new ulm")),
        {"field": ["tier:gold", "loyalty:löy-zzq77 ä"]},
        *({"name": one} for one in ("Loy-zzq77 a", "47110", "new ulm")),
        *({"q": one} for one in ("card 47110 again", "Löy zzq77 a")),
    ]
    others: list[dict[str, Any]] = [
        *({"field": [one]} for one in ("tier:gold", "tier:Gold", "tier:47110", "vip:yes")),
        *({"field": [one]} for one in ("loyalty:LÖY-zzq77 B", "loyalty:zzq77", "card:4711")),
        *({"name": one} for one in ("gold", "ulm", "4711")),
        *({"q": one} for one in ("gold", "hotels in New Ulm", "4711")),
    ]
    schedules = {await named.schedule(one): one for one in (*theirs, *others)}
    views = {await named.view(one): one for one in (*theirs, *others)}
    await named.erase("named_view", "export_schedule")
    assert [one for id_, one in schedules.items() if (await named.now(id_)).paused_at] == theirs
    async with named.sessions() as session:
        left = {*await session.scalars(select(NamedView.id).where(NamedView.id.in_(views)))}
    assert [one for id_, one in views.items() if id_ in left] == others


async def test_a_word_that_very_many_have_in_a_field_is_no_name_of_anybody(
    named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "OTHERS", 3)
    await fields_of(named, tier=FieldKind.text)
    await has(named, named.consumer_id, tier="gold")
    for one in ("silver gold", "gold plus", "gold old"):
        await another(named, tier=one)
    common = await named.schedule({"field": ["tier:gold"]})
    await named.erase("export_schedule")
    assert (await named.now(common)).paused_at is None


async def test_views_and_exports_ask_for_a_consumer_by_the_same_words(named: Named) -> None:
    theirs: list[dict[str, str]] = [
        *({"name": one} for one in ("grun-lee, anna", "ANNA GRÜN", "lee")),
        {"q": "wrote: Lee, Grun, Anna, Dr"},
        {"q": "from anna.gruen@gmail.test"},
    ]
    others: list[dict[str, str]] = [{"name": "an"}, {"name": "Anna Other"}, {"q": "anna"}]
    views = {await named.view(one): one for one in (*theirs, *others)}
    exports = {
        await named.export(ExportStatus.done, filters=one): one for one in (*theirs, *others)
    }
    await named.erase("named_view", "export", "named_view", "export")
    async with named.sessions() as session:
        left = await session.scalars(select(NamedView.id).where(NamedView.id.in_(views)))
        assert {*left} == {id_ for id_, one in views.items() if one in others}
        expired = select(Export.id).where(Export.status == str(ExportStatus.expired))
        found = {*await session.scalars(expired)}
        assert found == {id_ for id_, one in exports.items() if one in theirs}


async def test_a_schedule_that_named_the_consumer_is_paused_and_says_so_until_it_goes_on(
    named: Named,
) -> None:
    one = await named.schedule({"name": "Anna", "label": ["refund"]})
    await named.erase("export_schedule")
    now = await named.now(one)
    assert (now.filters, now.failure) == ({"label": ["refund"]}, NAMED_ERASED)
    assert (now.retired_at, now.paused_at is None) == (None, False)
    watch, alarms = (
        AlertWatch(named.sessions),
        select(Alert.subject_id).where(~Alert.ended_at.is_not(None)),
    )
    await watch.look()
    async with named.sessions() as session:
        assert (await session.scalars(alarms)).all() == [str(one)]

    async with named.sessions.begin() as session:
        ada = caller(named.account_id, Role.admin)
        await schedules.change(ada, session, one, ScheduleChange(is_paused=False))
    assert (await named.now(one)).failure is None
    await watch.look()
    async with named.sessions() as session:
        assert (await session.scalars(alarms)).all() == []


@pytest.mark.parametrize("is_scheduled", [False, True])
async def test_an_export_that_asked_for_the_consumer_never_becomes_one_of_everybody(
    named: Named, is_scheduled: bool
) -> None:
    schedule_id = await named.schedule({}) if is_scheduled else None
    statuses = (ExportStatus.waiting, ExportStatus.running, ExportStatus.done)
    ids = []
    for status in statuses:
        ids.append(await named.export(status, schedule_id))
    await named.erase("export")
    async with named.sessions.begin() as session:
        await states.take_back(session, named.account_id, datetime.now(UTC))
        found = [await session.get_one(Export, one) for one in ids]
        assert [one.status for one in found] == ["failed", "failed", "expired"]
        assert [one.failure for one in found] == [TAKEN_BACK, TAKEN_BACK, None]
