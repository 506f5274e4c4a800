"""Downloads about batches: streamed as CSV, in bounded memory."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from io import StringIO
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse

from domain.batches.kinds import BAD_BECAUSE, LEFT_OUT_BECAUSE, BadRow, LeftOut
from domain.batches.places import upload_and_line
from domain.consent.ledger import written

RESULTS = (
    *("upload", "line", "number", "status", "why", "provider_code", "sent_at", "status_at"),
    *("segments", "answered_at", "conversation_id", "opted_out", "notification_id"),
)
BAD_ROWS = ("upload", "line", "reason", "why", "detail")
LEFT_OUT = ("upload", "line", "number", "reason", "why")

Pages = AsyncIterator[Sequence[Mapping[str, Any]]]


def results_csv(pages: Pages) -> Response:
    """Return recipients with what became of them."""
    return _streamed(pages, RESULTS, _result, "results.csv")


def bad_rows_csv(pages: Pages) -> Response:
    """Return rows that make no recipient, each with its reason."""
    return _streamed(pages, BAD_ROWS, _bad_row, "bad-rows.csv")


def left_out_csv(pages: Pages) -> Response:
    """Return recipients who would get no text, each with the reason."""
    return _streamed(pages, LEFT_OUT, _left_out, "left-out.csv")


def why_bad(reason: str) -> str:
    """Return why a row makes no recipient, as a sentence."""
    return BAD_BECAUSE[BadRow(reason)]


def why_left_out(reason: str) -> str:
    """Return why a recipient gets no text, as a sentence."""
    return LEFT_OUT_BECAUSE[LeftOut(reason)]


def _streamed(pages: Pages, columns: Sequence[str], row: Any, name: str) -> Response:
    async def body() -> AsyncIterator[str]:
        yield ",".join(columns) + "\r\n"
        async for found in pages:
            text = StringIO()
            csv.writer(text).writerows(_cells(row(one), columns) for one in found)
            yield text.getvalue()

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(body(), media_type="text/csv; charset=utf-8", headers=headers)


def _cells(row: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [_cell(row.get(name)) for name in columns]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    # A number keeps its plus sign; all else that a spreadsheet would run gets a quote before it.
    return str(value) if str(value)[1:].isdigit() else written(value)


def _result(row: Mapping[str, Any]) -> Mapping[str, Any]:
    upload, line = upload_and_line(row["place"])
    left_out = why_left_out(row["left_out"]) if row["left_out"] else None
    return {
        **row,
        "upload": upload,
        "line": line,
        "status": row["outcome"],
        "why": left_out or row["failure_sentence"],
        "opted_out": "yes" if row["opted_out"] else "",
        "notification_id": row["message_id"],
    }


def _bad_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    upload, line = upload_and_line(row["place"])
    return {**row, "upload": upload, "line": line, "why": why_bad(row["reason"])}


def _left_out(row: Mapping[str, Any]) -> Mapping[str, Any]:
    upload, line = upload_and_line(row["place"])
    return {**row, "upload": upload, "line": line, "why": why_left_out(row["reason"])}
