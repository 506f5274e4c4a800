"""The media store: files by key, in a folder or in an S3-compatible bucket."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from domain.errors import Unavailable

LISTED_AT_ONCE = 500
"""Keys in one page of a listing. Ours."""
CALL_SECONDS = 20
"""How long one call to a bucket may take, with its retries. Ours."""
MOST_RETRIES = 2
PIECE = 256 * 1024
"""Bytes of a file in memory while somebody reads it. Ours."""


class FileMissing(Exception):
    """The store has no file under this key."""


class StoreAway(Unavailable):
    """The store did not answer as it should. What was asked can be tried again."""

    code = "media_store_away"
    sentence = "The media store did not answer. Try again in a minute."


@dataclass(frozen=True)
class Bucket:
    """An S3-compatible bucket. Without keys, those of the machine's environment are used.

    `endpoint`: address of the service, None for Amazon's own.
    """

    name: str
    region: str | None = None
    endpoint: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None

    def __repr__(self) -> str:
        return f"Bucket({self.name})"

    def opened(self) -> ObjectStore:
        """Return the library's store, which connects with its first call."""
        found = {
            "region": self.region,
            "endpoint": self.endpoint,
            "access_key_id": self.access_key_id,
            "secret_access_key": self.secret_access_key,
        }
        config = {name: value for name, value in found.items() if value is not None}
        is_plain = (self.endpoint or "").startswith("http://")
        return S3Store(
            self.name,
            config=config,  # type: ignore[arg-type]  # a TypedDict of the same names
            client_options={"allow_http": is_plain, "timeout": f"{CALL_SECONDS}s"},
            retry_config={"max_retries": MOST_RETRIES},
        )


@dataclass(frozen=True)
class StoredBytes:
    """The size of a whole file, and its pieces in order: at most `PIECE` of it is in memory."""

    size: int
    pieces: AsyncIterator[bytes]


async def _pieces(stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    try:
        async for piece in stream:
            yield bytes(piece)
    except (BaseError, OSError) as error:
        raise StoreAway from error


def folder(path: Path) -> ObjectStore:
    """Return the store over a folder, which is made now."""
    return LocalStore(path.resolve(), mkdir=True)


class MediaStore:
    """Files by key. It is opened with its first use. Every method raises `StoreAway`."""

    def __init__(self, open_store: Callable[[], ObjectStore]) -> None:
        self._open = open_store

    @cached_property
    def _store(self) -> ObjectStore:
        return self._open()

    async def put(self, key: str, data: bytes) -> None:
        """Store a file; one that has the key already is replaced."""
        try:
            await obstore.put_async(self._store, key, data)
        except (BaseError, OSError) as error:
            raise StoreAway from error

    async def open(self, key: str, places: range | None = None) -> StoredBytes:
        """Return a file, to be read piece by piece: some places of it, or else all.

        Raises `FileMissing`.
        """
        try:
            found = await obstore.get_async(
                self._store,
                key,
                options={} if places is None else {"range": (places.start, places.stop)},
            )
        except FileNotFoundError as error:
            raise FileMissing from error
        except (BaseError, OSError) as error:
            raise StoreAway from error
        return StoredBytes(found.meta["size"], _pieces(found.stream(min_chunk_size=PIECE)))

    async def has(self, key: str) -> bool:
        """Say whether a file is there."""
        try:
            await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise StoreAway from error
        return True

    async def delete(self, keys: Collection[str]) -> None:
        """Delete files; those that are not there are no error."""
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise StoreAway from error

    async def older_than(self, moment: datetime) -> AsyncIterator[list[str]]:
        """Yield the keys of all files stored before a moment, some hundred at a time."""
        try:
            async for page in obstore.list(self._store, chunk_size=LISTED_AT_ONCE):
                yield [found["path"] for found in page if found["last_modified"] < moment]
        except (BaseError, OSError) as error:
            raise StoreAway from error
