"""The media store: the same in a folder and in a bucket of a real S3 server."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from pydantic import SecretStr

from media.opening import create_store
from media.store import FileMissing, MediaStore, StoreAway
from settings import MediaSettings
from tests.fixtures.exporting import s3_service
from tests.fixtures.plain_http import PLAIN

SECRET = "a-secret-that-nobody-shows"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_service() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, s3: str
) -> AsyncIterator[MediaStore]:
    if request.param == "folder":
        yield create_store(MediaSettings(media_folder=tmp_path / "files"))
        return
    bucket = f"b{uuid4().hex}"
    async with httpx2.AsyncClient(verify=PLAIN) as http:
        assert (await http.put(f"{s3}/{bucket}")).is_success
    yield create_store(in_bucket(bucket, s3))


def in_bucket(bucket: str, endpoint: str) -> MediaSettings:
    return MediaSettings(
        media_bucket=bucket,
        media_endpoint=endpoint,
        media_region="us-east-1",
        media_access_key_id="key",
        media_secret_access_key=SecretStr(SECRET),
    )


async def read(store: MediaStore, key: str) -> bytes:
    return b"".join([piece async for piece in (await store.open(key)).pieces])


async def test_a_file_comes_back_as_it_went_in(store: MediaStore) -> None:
    await store.put("acme/ab/one", b"x" * 300_000)
    await store.put("acme/ab/one", b"again")
    assert await read(store, "acme/ab/one") == b"again"
    assert await store.has("acme/ab/one")


async def test_a_file_that_is_not_there_is_missing_and_not_an_outage(store: MediaStore) -> None:
    assert not await store.has("acme/ab/none")
    with pytest.raises(FileMissing):
        await read(store, "acme/ab/none")
    await store.delete(["acme/ab/none"])


async def test_old_files_are_listed_and_deleted(store: MediaStore) -> None:
    for name in ("one", "two"):
        await store.put(f"acme/ab/{name}", b"data")
    later, before = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) - timedelta(hours=1)
    assert [key async for page in store.older_than(before) for key in page] == []
    keys = [key async for page in store.older_than(later) for key in page]
    assert sorted(keys) == ["acme/ab/one", "acme/ab/two"]
    await store.delete(keys)
    assert [key async for page in store.older_than(later) for key in page] == []


async def test_a_bucket_that_does_not_answer_is_an_outage() -> None:
    store = create_store(in_bucket("nowhere", "http://127.0.0.1:9"))
    with pytest.raises(StoreAway):
        await read(store, "acme/ab/one")


async def test_a_bucket_that_is_not_there_is_an_outage(s3: str) -> None:
    store = create_store(in_bucket("never-made", s3))
    with pytest.raises(StoreAway):
        await store.put("acme/ab/one", b"data")


def test_no_settings_show_the_secret() -> None:
    assert SECRET not in repr(in_bucket("b", "http://127.0.0.1:9"))


@pytest.mark.parametrize(
    "half",
    [
        {"media_endpoint": "http://127.0.0.1:9"},
        {"media_bucket": "b", "media_access_key_id": "key"},
        {"media_bucket": "b", "media_endpoint": "minio:9000"},
    ],
)
def test_half_a_bucket_is_refused(half: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"MEDIA|media_endpoint"):
        MediaSettings(**half)  # type: ignore[arg-type]
