"""Files of the ledger of consent: streamed out, and spooled on the way in, in bounded memory."""

import csv
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from io import StringIO
from tempfile import SpooledTemporaryFile
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse

from domain.consent.ledger import COLUMNS, written

IN_MEMORY = 1024 * 1024
"""Bytes of a file that are kept in memory; what is more goes to a temporary file. Ours."""


class LedgerFormat(StrEnum):
    csv = "csv"
    json = "json"


def streamed(pages: AsyncIterator[Sequence[Mapping[str, Any]]], wanted: LedgerFormat) -> Response:
    """Return an answer that sends events page by page."""
    name = f'attachment; filename="consent.{wanted}"'
    is_csv = wanted is LedgerFormat.csv
    kind = "text/csv; charset=utf-8" if is_csv else "application/json"
    body = _as_csv(pages) if is_csv else _as_json(pages)
    return StreamingResponse(body, media_type=kind, headers={"Content-Disposition": name})


async def spooled(chunks: AsyncIterator[bytes]) -> "SpooledTemporaryFile[bytes]":
    """Return a body as a file, read from its beginning. The caller closes it."""
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        async for chunk in chunks:
            file.write(chunk)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


async def _as_csv(pages: AsyncIterator[Sequence[Mapping[str, Any]]]) -> AsyncIterator[str]:
    yield ",".join(COLUMNS) + "\r\n"
    async for rows in pages:
        text = StringIO()
        lines = csv.writer(text)
        lines.writerows([_cell(name, row[name]) for name in COLUMNS] for row in rows)
        yield text.getvalue()


def _cell(name: str, value: Any) -> str:
    if name in ("text", "evidence"):
        return written(value)
    return "" if value is None else _plain(value)


async def _as_json(pages: AsyncIterator[Sequence[Mapping[str, Any]]]) -> AsyncIterator[str]:
    before = "["
    async for rows in pages:
        yield before + ",\n".join(json.dumps(dict(row), default=_plain) for row in rows)
        before = ",\n"
    yield "]" if before != "[" else "[]"


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
