"""A scheduled file that an endpoint was told of, and of which something is erased then."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from database.engine import Sessions
from database.queries.exports import states
from database.tables import Endpoint, Event, Export, ExportSchedule
from domain.conversation.kinds import EventKind
from domain.errors import Conflict
from domain.exporting.kinds import ExportKind, ExportStatus
from domain.exporting.spans import Every
from domain.people.roles import Role
from media.opening import create_store
from outgoing.posts import Posts
from services.errors import FileNotThere
from services.exporting import exports, making, schedules
from services.exporting.schedules import NewSchedule
from settings import Settings
from tests.fixtures.brand import Brand
from tests.fixtures.exporting import exports_of
from tests.services.callers import caller

DUE = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


class Told:
    """A schedule with an endpoint, and what becomes of a run's file."""

    def __init__(self, sessions: Sessions, settings: Settings, brand: Brand, posts: Posts) -> None:
        self.sessions, self.brand = sessions, brand
        self.store = create_store(settings.media)
        self.activities = exports_of(sessions, settings, posts)

    async def begin(self) -> UUID:
        ada = caller(self.brand.account_id, Role.admin)
        endpoint = {"id": "warehouse", "name": "Warehouse", "url": "https://example.com/in"}
        async with self.sessions.begin() as session:
            of = {"account_id": self.brand.account_id, "includes_texts": False, "read_to": 0}
            session.add(Endpoint(**of, **endpoint, secret=b"sealed"))
            await session.flush()
            new = NewSchedule(
                name="Daily", kind=ExportKind.messages, every=Every.day, endpoint="warehouse"
            )
            row = await schedules.create(ada, session, new)
        export_id = await self.activities.scheduled.begin(row.id, DUE)
        assert export_id
        await self.make(export_id)
        await self.activities.scheduled.deliver(export_id)
        return export_id

    async def make(self, export_id: UUID) -> None:
        while await self.activities.making.make_part(export_id):
            pass

    async def take_back(self) -> None:
        async with self.sessions.begin() as session:
            keys = await states.take_back(session, self.brand.account_id, datetime.now(UTC))
        await self.store.delete(keys)
        async with self.sessions.begin() as session:
            await states.forget_deleted(session, keys)

    async def now(self, export_id: UUID) -> Export:
        async with self.sessions() as session:
            return await session.get_one(Export, export_id)

    async def change(self, export_id: UUID, **values: Any) -> None:
        async with self.sessions.begin() as session:
            await session.execute(update(Export).where(Export.id == export_id).values(**values))

    async def read(self, export_id: UUID) -> tuple[str, bytes]:
        async with self.sessions.begin() as session:
            file = await exports.open_linked(session, self.store, export_id)
        return file.tag, b"".join([piece async for piece in file.read()])

    async def events(self) -> Sequence[Mapping[str, Any]]:
        its = select(Event.data).where(Event.kind == str(EventKind.export_ready))
        async with self.sessions() as session:
            return (await session.scalars(its.order_by(Event.id))).all()


@pytest.fixture
async def told(
    session_factory: Sessions, settings: Settings, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> Told:
    monkeypatch.setattr(making, "RECORDED_WITHIN", timedelta())  # nobody writes records here
    return Told(session_factory, settings, brand, Posts())


async def test_a_file_that_was_told_is_made_anew_and_told_again_and_its_link_is_good_as_long(
    told: Told,
) -> None:
    export_id = await told.begin()
    tag, data = await told.read(export_id)
    before = await told.now(export_id)
    await told.take_back()
    with pytest.raises(Conflict, match="still being made"):
        await told.read(export_id)
    for _ in range(2):  # nothing more comes of a repetition
        await told.make(export_id)
        await told.activities.scheduled.deliver(export_id)
    first, again = await told.events()
    assert first == again
    assert (await told.now(export_id)).expires_at == before.expires_at
    tag_anew, data_anew = await told.read(export_id)
    assert data_anew == data  # nothing was in it
    assert tag_anew != tag, "a download that was interrupted does not go on in another file"


async def test_a_file_whose_time_is_over_is_not_made_anew_and_its_link_says_so(told: Told) -> None:
    export_id = await told.begin()
    await told.change(export_id, expires_at=datetime.now(UTC) - timedelta(minutes=1))
    await told.take_back()
    assert (await told.now(export_id)).status == ExportStatus.expired
    with pytest.raises(FileNotThere, match="something in it was erased"):
        await told.read(export_id)
    assert len(await told.events()) == 1


async def test_a_file_that_names_who_was_erased_is_not_made_anew(told: Told) -> None:
    export_id = await told.begin()
    await told.change(export_id, filters={"name": "Jane Roe"})
    await told.take_back()
    assert (await told.now(export_id)).status == ExportStatus.expired


async def test_a_schedule_says_why_a_file_cannot_be_made_anew(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise Conflict("These filters are refused now.")

    export_id = await told.begin()
    await told.take_back()
    monkeypatch.setattr(making, "source_of", refused)
    await told.make(export_id)
    failed = await told.now(export_id)
    async with told.sessions() as session:
        row = await session.get_one(ExportSchedule, failed.schedule_id)
    assert failed.status == ExportStatus.failed
    assert row.failure == "These filters are refused now."
    assert len(await told.events()) == 1
