"""Files of consumers: streamed out, in bounded memory."""

import csv
from collections.abc import AsyncIterator, Sequence
from io import StringIO

from fastapi import Response
from fastapi.responses import StreamingResponse

from domain.consent.ledger import written


def consumers_csv(pages: AsyncIterator[Sequence[Sequence[str]]]) -> Response:
    """Return an answer that sends rows page by page, with a mark by which Excel knows UTF-8."""

    async def body() -> AsyncIterator[str]:
        yield "\ufeff"
        async for rows in pages:
            text = StringIO()
            csv.writer(text).writerows([_cell(one) for one in row] for row in rows)
            yield text.getvalue()

    headers = {"Content-Disposition": 'attachment; filename="consumers.csv"'}
    return StreamingResponse(body(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: str) -> str:
    # A number keeps its plus sign; all else that a spreadsheet would run gets a quote before it.
    return value if value[1:].isdigit() else written(value)
