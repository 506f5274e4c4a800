"""Files of exports as they are read: whole, from any byte on, or not to their end."""

from domain.exporting.kinds import ExportKind
from services.exporting import exports
from tests.reporting.test_exports import Exporting, exporting

__all__ = ["exporting"]


async def test_any_bytes_of_a_file_are_read_from_the_parts_that_have_them(
    exporting: Exporting,
) -> None:
    done = await exporting.make(await exporting.ask(kind=ExportKind.messages))
    async with exporting.recorder.sessions.begin() as session:
        file = await exports.open_file(exporting.mia, session, exporting.store, done.id)
    assert len(file.parts) > 3
    whole = (await exporting.text(done)).encode()
    edges = [0, 1, file.size - 1, file.size, *(one.size or 0 for one in file.parts)]
    for begins in edges:
        for ends in (*edges, begins + 1, None):
            read = b"".join([piece async for piece in file.read(begins, ends)])
            assert read == whole[begins:ends], (begins, ends)


async def test_an_abandoned_download_breaks_nothing(exporting: Exporting) -> None:
    done = await exporting.make(await exporting.ask(kind=ExportKind.messages))
    async with exporting.recorder.sessions.begin() as session:
        file = await exports.open_file(exporting.mia, session, exporting.store, done.id)
    async for _ in file.read():
        break
    assert len(await exporting.rows(done)) == 28
