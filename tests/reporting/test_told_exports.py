"""A scheduled file that an endpoint was told of, and of which something is erased then."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries.exports import states
from database.tables import Alert, Conversation, Endpoint, Event, Export, ExportSchedule
from domain.conversation.kinds import EventKind, Status
from domain.errors import Conflict
from domain.exporting.kinds import ENDPOINT_DEAF, ENDPOINT_RETIRED, ExportKind, ExportStatus
from domain.exporting.spans import Every
from domain.people.roles import Role
from media.opening import create_store
from outgoing.posts import Posts
from services.configuring import endpoints
from services.errors import FileNotThere
from services.exporting import exports, making, schedules
from services.exporting.schedules import NewSchedule, ScheduleChange
from services.supervising.alerts import AlertWatch
from settings import Settings
from tests.database.transcripts import new_conversation
from tests.fixtures.brand import Brand
from tests.fixtures.centre import eventually
from tests.fixtures.exporting import exports_of
from tests.outgoing.posting import SIGNING
from tests.services.callers import caller

WAITS = sql("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
""")
DUE = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


class Told:
    """A schedule with an endpoint, and what becomes of a run's file."""

    def __init__(self, sessions: Sessions, settings: Settings, brand: Brand, posts: Posts) -> None:
        self.sessions, self.brand = sessions, brand
        self.store = create_store(settings.media)
        self.activities = exports_of(sessions, settings, posts)

    async def begin(self, kind: ExportKind = ExportKind.messages) -> UUID:
        ada = caller(self.brand.account_id, Role.admin)
        endpoint = {"id": "warehouse", "name": "Warehouse", "url": "https://example.com/in"}
        async with self.sessions.begin() as session:
            of = {"account_id": self.brand.account_id, "includes_texts": False, "read_to": 0}
            session.add(Endpoint(**of, **endpoint, secret=b"sealed"))
            await session.flush()
            new = NewSchedule(name="Daily", kind=kind, every=Every.day, endpoint="warehouse")
            row = await schedules.create(ada, session, new)
        export_id = await self.activities.scheduled.begin(row.id, DUE)
        assert export_id
        await self.make(export_id)
        await self.activities.scheduled.deliver(export_id)
        return export_id

    async def make(self, export_id: UUID) -> None:
        while await self.activities.making.make_part(export_id):
            pass

    async def take_back(self, *consumers: UUID) -> None:
        """Take files back as an erasure does: of some consumers, or of anybody."""
        async with self.sessions.begin() as session:
            of = (self.brand.account_id, datetime.now(UTC), consumers or None)
            keys = await states.take_back(session, *of)
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

    async def wrote(self, opened_at: datetime, last_at: datetime) -> UUID:
        """Return a consumer who had a conversation."""
        id_ = await new_conversation(self.sessions, self.brand, Status.closed)
        was = update(Conversation).values(opened_at=opened_at, closed_at=last_at)
        of = {"account_id": self.brand.account_id, "conversation_id": id_}
        async with self.sessions.begin() as session:
            session.add(Event(kind=str(EventKind.message_added), at=last_at, data={}, **of))
            its = was.where(Conversation.id == id_).returning(Conversation.consumer_id)
            return (await session.scalars(its)).one()

    async def somebody_waits(self) -> bool:
        """Say whether a transaction waits for a lock of another."""
        async with self.sessions() as session:
            return bool(await session.scalar(WAITS))

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


async def test_figures_hold_nobody_and_stay_when_somebody_is_erased(told: Told) -> None:
    export_id = await told.begin(ExportKind.figures)
    before = await told.now(export_id)
    await told.take_back()
    after = await told.now(export_id)
    assert (after.status, after.created_at) == (ExportStatus.done, before.created_at)
    assert await told.read(export_id)
    assert len(await told.events()) == 1


@pytest.mark.parametrize(
    ("first_hour", "last_hour", "is_anew"),
    [
        *((-60, -40, False), (-60, -23, True), (-60, 100, True), (-10, -5, True)),
        *((-1, 1, True), (8, 9, False)),
    ],
)
async def test_a_file_of_days_on_which_nothing_was_in_their_conversations_stays(
    told: Told, first_hour: int, last_hour: int, is_anew: bool
) -> None:
    export_id = await told.begin()
    before = await told.now(export_id)
    assert before.until
    first, last = (before.until + timedelta(hours=one) for one in (first_hour, last_hour))
    await told.take_back(await told.wrote(first, last))
    now = await told.now(export_id)
    assert (now.created_at != before.created_at) is is_anew
    if is_anew:
        await told.make(export_id)
    assert await told.read(export_id)
    assert len(await told.events()) == (2 if is_anew else 1)


@pytest.mark.parametrize("is_made_anew", [True, False])
async def test_a_schedule_that_is_retired_while_its_file_is_made_or_told_is_never_locked_out(
    told: Told, is_made_anew: bool
) -> None:
    export_id = await told.begin()
    if is_made_anew:
        await told.take_back()
    else:
        await told.change(export_id, is_told=False, status=str(ExportStatus.running))
    schedule_id = (await told.now(export_id)).schedule_id
    assert schedule_id
    works = told.make if is_made_anew else told.activities.scheduled.give_up
    ada = caller(told.brand.account_id, Role.admin)
    async with told.sessions.begin() as session:
        await schedules.find(ada, session, schedule_id)  # it is locked from here on
        working = asyncio.create_task(works(export_id))
        await eventually(told.somebody_waits)
        await schedules.retire(ada, session, schedule_id)
    await working
    assert (await told.now(export_id)).status == ExportStatus.cancelled


@pytest.mark.parametrize(
    ("becomes", "says"),
    [
        ({"retired_at": datetime.now(UTC)}, ENDPOINT_RETIRED),
        ({"kinds": ["message_added"]}, ENDPOINT_DEAF),
    ],
)
async def test_a_schedule_whose_endpoint_is_told_no_more_says_so_until_it_has_another(
    told: Told, becomes: dict[str, Any], says: str
) -> None:
    schedule_id = (await told.now(await told.begin())).schedule_id
    assert schedule_id
    async with told.sessions.begin() as session:
        await session.execute(update(Endpoint).values(becomes))
    export_id = await told.activities.scheduled.begin(schedule_id, DUE + timedelta(days=1))
    assert export_id
    await told.make(export_id)
    await told.activities.scheduled.deliver(export_id)
    assert len(await told.events()) == 1
    await AlertWatch(told.sessions).look()
    ada = caller(told.brand.account_id, Role.admin)
    async with told.sessions.begin() as session:
        [alert] = await session.scalars(select(Alert))
        assert (alert.kind, alert.subject_id) == ("export_failing", str(schedule_id))
        left = ScheduleChange(hour=7, endpoint="warehouse")
        row = await schedules.change(ada, session, schedule_id, left)
        assert (row.hour, row.failure) == (7, says)
        row = await schedules.change(ada, session, schedule_id, ScheduleChange(endpoint=None))
        assert row.failure is None


async def test_a_schedule_says_at_once_whether_its_endpoint_is_told(told: Told) -> None:
    schedule_id = (await told.now(await told.begin())).schedule_id
    assert schedule_id
    ada = caller(told.brand.account_id, Role.admin)

    async def says(act: Callable[[AsyncSession], Awaitable[object]]) -> str | None:
        async with told.sessions.begin() as session:
            await act(session)
        async with told.sessions() as session:
            return (await session.get_one(ExportSchedule, schedule_id)).failure

    def gets(*kinds: EventKind) -> Callable[[AsyncSession], Awaitable[object]]:
        change = endpoints.EndpointChange(kinds=kinds)
        return lambda session: endpoints.change(ada, session, SIGNING, "warehouse", change)

    assert await says(gets(EventKind.message_added)) == ENDPOINT_DEAF
    assert await says(gets(EventKind.export_ready)) is None
    assert (
        await says(lambda session: endpoints.retire(ada, session, "warehouse")) == ENDPOINT_RETIRED
    )
