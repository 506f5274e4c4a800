"""Read models over a real database, without workflows."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from database.engine import Sessions
from domain.exporting.kinds import ExportKind
from domain.exporting.spans import Every
from domain.people.roles import Role
from media.store import MediaStore, folder
from outgoing.posts import Posts
from services.exporting import buckets, schedules
from services.exporting.buckets import NewBucket
from services.exporting.schedules import NewSchedule
from settings import Settings
from tests.fixtures.brand import Brand
from tests.fixtures.days import one_day
from tests.fixtures.exporting import LOOPBACK, access_of, s3_service
from tests.fixtures.plain_http import PLAIN
from tests.reporting.lakes import SECRET, Lake
from tests.reporting.recording import Recorder
from tests.services.callers import caller


@pytest.fixture
async def recorder(brand: Brand, settings: Settings, session_factory: Sessions) -> Recorder:
    """A brand's conversations, events, and their records, for what happens in one day."""
    await one_day()
    return Recorder(brand, session_factory, settings)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_service() as address:
        yield address


@pytest.fixture
async def lake(
    brand: Brand, session_factory: Sessions, s3: str, tmp_path: Path
) -> AsyncIterator[Lake]:
    ada = caller(brand.account_id, Role.admin)
    new = NewBucket(
        name="Lake", endpoint=s3, bucket="lake", prefix="in/", key_id="AKIA1", secret=SECRET
    )
    async with session_factory.begin() as session:
        bucket = await buckets.create(ada, session, access_of(session_factory), new)
        daily = NewSchedule(
            name="Daily", kind=ExportKind.messages, every=Every.day, bucket=bucket.id
        )
        schedule = await schedules.create(ada, session, daily)
    store = MediaStore(lambda: folder(tmp_path))
    async with Posts([LOOPBACK]) as posts, httpx2.AsyncClient(verify=PLAIN) as http:
        await http.post(f"{s3}/moto-api/reset")
        await http.put(f"{s3}/lake")
        yield Lake(session_factory, ada, s3, store, posts, http, bucket, schedule)
