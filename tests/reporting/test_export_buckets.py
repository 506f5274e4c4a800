"""Scheduled exports in a bucket of a real S3 server: whole or not there, whatever fails."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from database.queries.exports import states
from database.tables import (
    Account,
    Alert,
    AuditEntry,
    Export,
)
from domain.endpoints.urls import UrlRefused
from domain.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from domain.exporting.spans import Every
from domain.people.roles import Role
from outgoing.bucket_problems import problem_of
from outgoing.buckets import Buckets, Object, Place
from outgoing.posts import Posts
from security.aws_signatures import AwsKey
from services.exporting import buckets, schedules
from services.exporting.buckets import BucketChange, place_of
from services.exporting.making import ExportMaking
from services.exporting.parts import read
from services.exporting.scheduled import NotMade
from services.exporting.schedules import ScheduleChange
from services.exporting.sources import MAY_LACK
from services.supervising.alerts import AlertWatch
from tests.fixtures.brand import Brand
from tests.fixtures.exporting import box
from tests.reporting.lakes import MIB, SECRET, Dying, Killed, Lake
from tests.services.callers import caller


@pytest.fixture
def silent_url() -> Iterator[str]:
    """The address of a service that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_a_file_is_whole_or_not_there_however_often_a_worker_dies(lake: Lake) -> None:
    export_id = await lake.make(4 * MIB, 6 * MIB, 3 * MIB)
    for parts in (1, 1):
        with pytest.raises(Killed):
            await lake.runs(Dying(lake.posts, parts_left=parts)).deliver(export_id)
        assert await lake.objects() == {}
    with pytest.raises(Killed):
        await lake.runs(Dying(lake.posts, dies_finished=True)).deliver(export_id)
    for _ in "ab":  # the upload is gone, because it was finished
        await lake.runs(Dying(lake.posts, parts_left=0)).deliver(export_id)
    whole = b"A" * 4 * MIB + b"B" * 6 * MIB + b"C" * 3 * MIB
    name = f"in/messages-2026-11-30-0400-{str(lake.schedule.id)[:8]}.csv"
    assert await lake.objects() == {name: whole}
    async with lake.sessions() as session:
        export = await session.get_one(Export, export_id)
    assert (export.is_told, export.upload) == (True, None)
    assert ((await lake.now()).failure, (await lake.now()).ran_at) == (None, export.ended_at)

    small = await lake.make(25, 25, 25, 25)
    for _ in "ab":
        await lake.runs().deliver(small)
    assert len(await lake.objects()) == 2


async def test_what_is_wrong_is_said_to_people_until_it_is_right(lake: Lake) -> None:
    await lake.http.delete(f"{lake.url}/lake")
    watch = AlertWatch(lake.sessions)
    export_id = await lake.make(10)
    with pytest.raises(Unavailable):
        await lake.runs().deliver(export_id)
    assert (await lake.now()).failure == "There is no bucket with this name."
    await watch.look()
    async with lake.sessions() as session:
        alerts = (await session.scalars(select(Alert))).all()
    assert [(one.kind, one.subject_id) for one in alerts] == [
        ("export_failing", str(lake.schedule.id))
    ]
    assert not (await buckets.try_out(lake.ada, lake.access, lake.bucket.id)).is_good
    await lake.runs().give_up(export_id)
    await lake.runs().deliver(export_id)
    assert (await lake.now()).failure == "There is no bucket with this name."

    await lake.http.put(f"{lake.url}/lake")
    tried = await buckets.try_out(lake.ada, lake.access, lake.bucket.id)
    assert (tried.is_good, tried.sentence) == (True, "A file was written, and deleted again.")
    assert await lake.objects() == {}
    await lake.runs().deliver(await lake.make(10, 10))
    await watch.look()
    async with lake.sessions() as session:
        assert await session.scalar(select(func.count()).where(Alert.ended_at.is_(None))) == 0


async def test_a_run_whose_hour_comes_twice_is_made_once(lake: Lake) -> None:
    async with lake.sessions.begin() as session:
        await session.execute(update(Account).values(time_zone="Europe/Berlin"))
    twice = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
    begun = [await lake.runs().begin(lake.schedule.id, at) for at in twice]
    assert begun[0] == begun[1]
    next_day = await lake.runs().begin(lake.schedule.id, twice[1] + timedelta(days=1))
    assert next_day not in begun


@pytest.mark.parametrize("is_expired", [True, False])
async def test_a_failure_goes_on_when_an_erasure_takes_the_file_that_the_bucket_refused(
    lake: Lake, is_expired: bool
) -> None:
    await lake.http.delete(f"{lake.url}/lake")
    export_id = await lake.make(10)
    with pytest.raises(Unavailable):
        await lake.runs().deliver(export_id)
    if is_expired:
        async with lake.sessions.begin() as session:
            await states.take_back(session, lake.ada.account_id, datetime.now(UTC))
        with pytest.raises(NotMade):
            await lake.runs().deliver(export_id)
    else:  # the file is deleted while it is copied
        await lake.store.delete([f"exports/{export_id}/1"])
        await lake.runs().deliver(export_id)
    assert (await lake.now()).failure == "There is no bucket with this name."

    await lake.http.put(f"{lake.url}/lake")
    await lake.runs().deliver(await lake.make(10, 10))
    assert (await lake.now()).failure is None


async def test_a_schedule_says_what_its_file_may_lack_until_the_next_one_which_holds_it_all(
    lake: Lake,
) -> None:
    export_id = await lake.make(10)
    async with lake.sessions.begin() as session:
        await session.execute(update(Export).values(failure=MAY_LACK))
    await lake.runs().deliver(export_id)
    assert len(await lake.objects()) == 1
    assert (await lake.now()).failure == MAY_LACK
    following = await lake.make(10, 10)
    assert (await lake.spans(export_id, following)) == [(27, 28), (27, 29)], "nothing is left out"
    await lake.runs().deliver(following)
    assert (await lake.now()).failure is None
    assert (await lake.spans(await lake.make(10, 10, 10))) == [(29, 30)]


async def test_what_is_left_of_an_upload_whose_file_was_erased_never_becomes_a_file(
    lake: Lake,
) -> None:
    export_id = await lake.make(4 * MIB, 6 * MIB, 3 * MIB)
    with pytest.raises(Killed):
        await lake.runs(Dying(lake.posts, parts_left=1)).deliver(export_id)
    async with lake.sessions.begin() as session:
        keys = await states.take_back(session, lake.ada.account_id, datetime.now(UTC))
    await lake.store.delete(keys)
    async with lake.sessions.begin() as session:
        await states.forget_deleted(session, keys)
    with pytest.raises(NotMade):
        await lake.runs().deliver(export_id)
    assert await lake.objects() == {}

    while await ExportMaking(lake.sessions, lake.store).make_part(export_id):
        pass
    await lake.runs().deliver(export_id)
    [name] = await lake.objects()
    async with lake.sessions() as session:
        parts = await states.parts(session, export_id)
    anew = b"".join([piece async for piece in read(lake.store, parts)])
    assert anew.startswith(b"\xef\xbb\xbfconversation_id")
    its = Object(name, "text/csv", str(export_id))
    assert await Buckets(lake.posts).has(place_of(lake.bucket, box()), its, len(anew))
    assert (await lake.now()).reached_at == datetime(2026, 11, 30, tzinfo=UTC)


async def test_a_file_goes_on_where_the_last_one_that_arrived_ended(lake: Lake) -> None:
    async def span(export_id: UUID) -> tuple[datetime | None, datetime | None]:
        async with lake.sessions() as session:
            export = await session.get_one(Export, export_id)
        return export.since, export.until

    first = await lake.make(10)
    await lake.runs().deliver(first)
    second = await lake.make(10, 10)  # does not arrive yet
    async with lake.sessions.begin() as session:
        await session.execute(update(Account).values(time_zone="America/Los_Angeles"))
    third = await lake.make(10, 10, 10)
    begins, ends = await span(third)
    assert begins == (await span(first))[1]
    assert ends == datetime(2026, 11, 29, 8, tzinfo=UTC)
    for late in (third, second):
        await lake.runs().deliver(late)
    assert (await lake.now()).reached_at == ends, "what comes late takes nothing back"


async def test_a_bucket_that_is_away_for_a_moment_alarms_nobody(lake: Lake) -> None:
    async with lake.sessions.begin() as session:
        away = BucketChange(endpoint="http://127.0.0.1:9", secret=SECRET)
        await buckets.change(lake.ada, session, lake.access, lake.bucket.id, away)
    export_id = await lake.make(10)
    with pytest.raises(Unavailable):
        await lake.runs().deliver(export_id)
    assert (await lake.now()).failure is None
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    async with lake.sessions.begin() as session:
        await session.execute(update(Export).values(ended_at=long_ago))
    with pytest.raises(Unavailable):
        await lake.runs().deliver(export_id)
    assert (await lake.now()).failure == "Nothing answers at the address of this service."


async def test_a_bucket_that_never_answers_is_told_as_soon_as_one_call_may_take(
    lake: Lake, silent_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lake.sessions.begin() as session:
        wanted = BucketChange(endpoint=silent_url, secret=SECRET)
        await buckets.change(lake.ada, session, lake.access, lake.bucket.id, wanted)
    monkeypatch.setattr("services.exporting.buckets.CALL_SECONDS", 0.2)
    async with asyncio.timeout(10):
        tried = await buckets.try_out(lake.ada, lake.access, lake.bucket.id)
    assert not tried.is_good


async def test_no_admin_reaches_inside_addresses_and_no_secret_is_shown(lake: Lake) -> None:
    strict = replace(lake.access, own_networks=())
    inside = ("http://127.0.0.1:9000", "https://10.0.0.7", "https://metadata", "ftp://a.example")
    async with lake.sessions.begin() as session:
        for address in inside:
            wanted = BucketChange(endpoint=address, secret=SECRET)
            with pytest.raises(UrlRefused):
                await buckets.change(lake.ada, session, strict, lake.bucket.id, wanted)
            session.expire_all()
        elsewhere = BucketChange(endpoint="https://evil.example")
        with pytest.raises(Invalid, match="secret again"):
            await buckets.change(lake.ada, session, lake.access, lake.bucket.id, elsewhere)
        await session.rollback()
    # Whatever its name leads to: this one leads to this machine.
    tried = await buckets.try_out(lake.ada, strict, lake.bucket.id)
    assert not tried.is_good
    async with Posts() as posts:
        place = Place("lake", "us-east-1", AwsKey("AKIA1", SECRET), "https://localhost.example:443")
        assert SECRET not in repr((place, posts, lake.bucket.__dict__))
    async with lake.sessions() as session:
        rows = await session.execute(text("SELECT to_jsonb(b)::text FROM export_bucket b"))
        log = (await session.scalars(select(AuditEntry))).all()
    shown = str(rows.all()) + str([(one.before, one.after) for one in log])
    assert SECRET not in shown
    assert "lake" in shown


async def test_wrong_names_are_refused_and_a_bucket_in_use_stays(lake: Lake, brand: Brand) -> None:
    wrong: list[dict[str, Any]] = [
        {"bucket": "Lake"},
        {"bucket": "a..b"},
        {"region": "eu central"},
        {"prefix": "../up"},
        {"prefix": "a//b"},
        {"key_id": "a b"},
        {"secret": ""},
    ]
    for one in wrong:
        async with lake.sessions() as session:
            wanted = BucketChange(**one)
            with pytest.raises(Invalid):
                await buckets.change(lake.ada, session, lake.access, lake.bucket.id, wanted)
    async with lake.sessions.begin() as session:
        with pytest.raises(Conflict, match="Daily goes into"):
            await buckets.retire(lake.ada, session, lake.bucket.id)
        other = replace(lake.ada, account_id="other")
        with pytest.raises(NotFound):
            await buckets.find(other, session, lake.bucket.id)
        with pytest.raises(NotAllowed):
            await buckets.listed(caller(brand.account_id, Role.manager), session)
        nowhere = ScheduleChange(bucket=None, name="Weekly", every=Every.week, is_paused=True)
        row = await schedules.change(lake.ada, session, lake.schedule.id, nowhere)
        assert (row.name, row.every, row.bucket_id) == ("Weekly", "week", None)
        await buckets.retire(lake.ada, session, lake.bucket.id)
    assert await lake.runs().begin(lake.schedule.id, datetime.now(UTC)) is None
    with pytest.raises(NotFound):
        await buckets.try_out(lake.ada, lake.access, lake.bucket.id)


def test_a_place_has_the_address_that_its_service_expects() -> None:
    key = AwsKey("id", SECRET)
    assert Place("b-1", "eu-central-1", key).url == "https://b-1.s3.eu-central-1.amazonaws.com"
    assert Place("b.1", "us-east-1", key).url == "https://s3.us-east-1.amazonaws.com/b.1"
    assert Place("b", "cn-north-1", key).url == "https://b.s3.cn-north-1.amazonaws.com.cn"
    assert Place("b", "x", key, "https://s3.example/").url == "https://s3.example/b"
    late = problem_of("<Error><Code>InternalError</Code></Error>", None)
    assert (late.passes, late.sentence) == (True, "The service failed.")
    assert not problem_of("<Error><Code>AccessDenied</Code></Error>", None).passes
