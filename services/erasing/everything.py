"""Everything about a consumer as one ZIP: rows of all tables as JSON, and the files."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import RawIOBase
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from database.engine import Sessions
from database.erasing import rows
from database.erasing.rows import About
from database.erasing.tables import PERSONAL
from domain.people.token_scopes import TokenScope
from media.keys import key_of
from media.store import FileMissing, MediaStore
from services import auditing
from services.caller import Caller
from services.erasing import erasures
from services.erasing.erasures import WhoseNumber

PAGE = 500
"""Rows in memory at once. Ours."""
SUBJECT = "consumer"


async def export(
    caller: Caller, sessions: Sessions, store: MediaStore, whose: WhoseNumber
) -> AsyncIterator[bytes]:
    """Return the pieces of the ZIP. That it was exported is in the audit log.

    Raises `NotFound`, `NumberInvalid`, `Invalid`.
    """
    async with sessions.begin() as session:
        consumer, wanted = await erasures.numbers_of(
            caller, session, whose, TokenScope.erasures_read
        )
        await auditing.note_export(caller, session, SUBJECT, str(consumer.id))
        about = await erasures.about_all(session, caller.account_id, wanted)
    return _pieces(sessions, store, about)


class _Drain(RawIOBase):
    """What a ZIP is written to, and its pieces are taken from."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._written = bytes(self._written), bytearray()
        return taken


@dataclass
class _Files:
    """The files that were found among the rows, by their names in the ZIP."""

    keys: dict[str, str] = field(default_factory=dict)


async def _pieces(sessions: Sessions, store: MediaStore, about: About) -> AsyncIterator[bytes]:
    drain, files = _Drain(), _Files()
    with ZipFile(drain, "w", ZIP_DEFLATED) as archive:
        with archive.open("everything.json", "w", force_zip64=True) as entry:
            async for piece in _as_json(sessions, about, files):
                entry.write(piece.encode())
                yield drain.taken()
        for name, key in files.keys.items():
            try:
                stored = await store.open(key)
            except FileMissing:  # it was never fetched, or its time is over
                continue
            with archive.open(f"files/{name}", "w", force_zip64=True) as entry:
                async for block in stored.pieces:
                    entry.write(block)
                    yield drain.taken()
    yield drain.taken()


async def _as_json(sessions: Sessions, about: About, files: _Files) -> AsyncIterator[str]:
    separator = "{"
    for name in PERSONAL:
        yield f'{separator}\n"{name}": ['
        separator, first, after = "],", True, None
        while True:
            async with sessions() as session:
                found = await rows.page(session, name, about, after, PAGE)
            for row, _ in found:
                yield ("\n" if first else ",\n") + json.dumps(row, ensure_ascii=False)
                first = False
                if name == "media_file":
                    ending = f".{row['ending']}" if row["ending"] else ""
                    files.keys[row["id"] + ending] = key_of(about.account_id, UUID(row["id"]))
            if len(found) < PAGE:
                break
            after = found[-1][1]
    yield "]\n}\n"
