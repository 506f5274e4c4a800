"""The columns of an export, and what stands in them."""

from pathlib import Path

import pytest

from domain.conversation.kinds import Status
from domain.erasure.kinds import ERASED
from domain.errors import Invalid
from domain.exporting.kinds import ExportKind
from media.store import MediaStore, folder
from tests.reporting.recording import Recorder
from tests.reporting.test_exports import Exporting
from tests.services.callers import person


async def test_an_erased_text_keeps_its_segments_and_no_column_comes_twice(
    recorder: Recorder, tmp_path: Path
) -> None:
    one = await recorder.conversation(Status.closed)
    under_0_1 = (("a" * 161, 0), (ERASED, 0))
    for text, size in (("Hello", 1), (ERASED, 4), ("", 0), *under_0_1):
        await recorder.says(one, text, segments=size)
    await recorder.record()
    mia = person(recorder.brand.account_id, recorder.brand.mia)
    exporting = Exporting(recorder, MediaStore(lambda: folder(tmp_path)), mia, [one])
    asked = await exporting.ask(kind=ExportKind.messages, columns=["segments"])
    rows = await exporting.rows(await exporting.make(asked))
    assert [row["segments"] for row in rows] == ["1", "4", "0", "2", ""]
    with pytest.raises(Invalid, match="The column text is chosen twice"):
        await exporting.ask(kind=ExportKind.messages, columns=["text", "status", "text"])
