"""The columns of an export, and what stands in them."""

from pathlib import Path

import pytest

from domain.conversation.kinds import Status
from domain.errors import Invalid
from domain.exporting.kinds import ExportKind
from media.store import MediaStore, folder
from tests.reporting.recording import Recorder
from tests.reporting.test_exports import Exporting
from tests.services.callers import person


async def test_consumers_texts_have_the_segments_that_reports_count_and_no_column_comes_twice(
    recorder: Recorder, tmp_path: Path
) -> None:
    one = await recorder.conversation(Status.closed)
    for text in ("Hello", "a" * 161, ""):
        await recorder.says(one, text)
    await recorder.record()
    mia = person(recorder.brand.account_id, recorder.brand.mia)
    exporting = Exporting(recorder, MediaStore(lambda: folder(tmp_path)), mia, [one])
    asked = await exporting.ask(kind=ExportKind.messages, columns=["segments", "author"])
    rows = await exporting.rows(await exporting.make(asked))
    assert [(row["author"], row["segments"]) for row in rows] == [
        *(("consumer", "1"), ("consumer", "2"), ("consumer", "0"))
    ]
    with pytest.raises(Invalid, match="The column text is chosen twice"):
        await exporting.ask(kind=ExportKind.messages, columns=["text", "status", "text"])
