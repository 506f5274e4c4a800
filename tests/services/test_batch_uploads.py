"""Files of recipients: good rows are kept, bad ones told by their line, whatever a file is like."""

import io
from datetime import datetime, time
from uuid import UUID

import pytest
from sqlalchemy import select

from database.engine import Sessions
from database.queries import batch_results
from database.tables import BatchRecipient
from domain.batches.kinds import BadRow
from domain.batches.moves import Move
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.roles import Role
from services import csv_files
from services.caller import Caller
from services.notifying import batches, checking, recipients
from services.notifying.inputs import NewBatch, RecipientIn
from services.notifying.recipients import Read
from tests.fixtures.brand import Brand
from tests.services.callers import caller, person

ANN, BEN, CLEO = "+15550100101", "+15550100102", "+15550100103"


@pytest.fixture
def mia(brand: Brand) -> Caller:
    return person(brand.account_id, brand.mia)


@pytest.fixture
async def batch(brand: Brand, session_factory: Sessions, mia: Caller) -> UUID:
    new = NewBatch(title="T", line=brand.line_id, text="Hi {name}", consent_column="form")
    async with session_factory.begin() as session:
        return (await batches.create(mia, session, new)).batch.id


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipients, "SLICE", 3)


async def take(sessions: Sessions, by: Caller, batch: UUID, content: bytes) -> Read:
    return await recipients.upload(by, sessions, batch, io.BytesIO(content), "list.csv")


def told(read: Read) -> list[tuple[int, str]]:
    """Return the lines of bad rows with their reasons."""
    return [(row["place"] % 100_000_000, row["reason"]) for row in read.told]


ROWS = f"number,name,form\n{ANN},Zoë,A\n{BEN},Ben,A\n"


async def test_every_encoding_and_separator_says_the_same(
    session_factory: Sessions, brand: Brand, mia: Caller
) -> None:
    files = {
        "UTF-8": [ROWS.encode(), ROWS.encode("utf-8-sig"), ROWS.replace(",", ";").encode()],
        "UTF-16": [
            ROWS.encode("utf-16"),
            ROWS.replace(",", "\t").encode("utf-16-be"),
            b"\xff\xfe" + ROWS.encode("utf-16-le"),
            ROWS.encode("utf-16-le"),
        ],
        "Windows-1252": [ROWS.encode("cp1252")],
    }
    new = NewBatch(title="T", line=brand.line_id, text="Hi {name}", consent_column="form")
    for encoding, contents in files.items():
        for content in contents:
            async with session_factory.begin() as session:
                made = await batches.create(mia, session, new)
            read = await take(session_factory, mia, made.batch.id, content)
            assert (read.encoding, read.good, read.bad) == (encoding, 2, {})
            async with session_factory.begin() as session:
                assert (await checking.check(mia, session, made.batch.id)).forced_by == "ë"
                text = await batch_results.first_text(session, made.batch.id)
                assert text == "Hi Zoë"


async def test_bad_rows_and_duplicates_are_told_by_line_and_good_ones_are_kept(
    session_factory: Sessions, mia: Caller, batch: UUID
) -> None:
    content = (
        f'number,name,form\n{ANN},"A\nnn",A\n1(555)0100101,Again,A\n\n{BEN},,A\n1.5E+10,X,A\n'
        f"{CLEO},{'x' * 200_000},A\n{CLEO},Cleo,A\nnobody,X,A\n+4930901820,Land,A\n"
    )
    read = await take(session_factory, mia, batch, content.encode())
    assert told(read) == [
        (4, "duplicate"),
        (6, "value_missing"),
        (7, "number_shortened"),
        (8, "no_csv"),
        (10, "number_invalid"),
    ]
    assert (read.good, read.recipients, read.bad[BadRow.duplicate]) == (3, 3, 1)
    again = await take(session_factory, mia, batch, content.encode())
    assert (again.good, again.known, again.bad[BadRow.duplicate]) == (0, 1, 4)
    more = [RecipientIn(number="+1 555 010 0101", values={"name": "A"})]
    listed = await recipients.add(mia, session_factory, batch, more)
    assert told(listed) == [(1, "duplicate")]
    async with session_factory.begin() as session:
        check = await checking.check(mia, session, batch)
    assert (check.gets_it, check.left_out) == (2, {"landline": 1})
    assert check.bad["duplicate"] == 6


@pytest.mark.parametrize(
    "rows",
    [
        f'{ANN},"Ann\n{BEN},Ben\n{CLEO},Cleo\n',  # until the end of the file
        f'{ANN},"Ann\n{BEN},"Ben"\n{CLEO},Cleo\n',  # until the next quotation mark
    ],
)
async def test_a_quotation_mark_that_is_not_closed_puts_nobody_into_anothers_text(
    session_factory: Sessions, mia: Caller, batch: UUID, rows: str
) -> None:
    read = await take(session_factory, mia, batch, f"number,name,form\n{rows}".encode())
    assert told(read) == [(2, "no_csv")]
    async with session_factory.begin() as session:
        texts = await session.scalars(select(BatchRecipient.text))
    assert not [text for text in texts if "+1" in text]


async def test_a_file_that_took_too_long_goes_on_where_it_stopped(
    session_factory: Sessions, mia: Caller, batch: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"+155501001{i:02},N{i},A\n" for i in range(10)]
    content = ("number,name,form\n" + "".join(lines)).encode()
    monkeypatch.setattr(recipients, "READING_SECONDS", -1)
    first = await take(session_factory, mia, batch, content)
    assert (first.good, first.stopped_at) == (3, 4)
    monkeypatch.setattr(recipients, "READING_SECONDS", 60)
    whole = await take(session_factory, mia, batch, content)
    assert (whole.good, whole.bad, whole.stopped_at, whole.upload) == (10, {}, None, first.upload)


async def test_lines_without_a_row_take_no_more_time_than_others(
    session_factory: Sessions, mia: Caller, batch: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"number,name,form\n{ANN},A,A\n".encode() + b"\n" * 100 + f"{BEN},B,A\n".encode()
    monkeypatch.setattr(recipients, "LINES_PASSED_BY", 10)
    monkeypatch.setattr(recipients, "READING_SECONDS", -1)
    first = await take(session_factory, mia, batch, content)
    assert (first.good, first.stopped_at) == (1, 22)
    second = await take(session_factory, mia, batch, content)
    assert (second.good, second.stopped_at) == (1, 31)
    monkeypatch.setattr(recipients, "READING_SECONDS", 60)
    whole = await take(session_factory, mia, batch, content)
    assert (whole.good, whole.bad, whole.stopped_at) == (2, {}, None)


async def test_a_line_that_is_too_long_is_no_row_and_the_next_one_is_read(
    session_factory: Sessions, mia: Caller, batch: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "LONGEST_LINE", 50)
    content = ROWS.encode() + b"," * 175 + f"\n{CLEO},Cleo,A\n".encode()
    read = await take(session_factory, mia, batch, content)
    assert (read.good, told(read)) == (3, [(4, "no_csv")])


async def test_no_batch_gets_more_than_it_may_and_what_is_kept_of_bad_rows_is_bounded(
    session_factory: Sessions, mia: Caller, batch: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MOST_RECIPIENTS", 4)
    monkeypatch.setattr(recipients, "MOST_KEPT", 3)
    monkeypatch.setattr(recipients, "MOST_TOLD", 2)
    lines = [f"+155501001{i:02},N{i},A\n" for i in range(6)] + ["x,y,z\n"] * 9
    read = await take(session_factory, mia, batch, ("number,name,form\n" + "".join(lines)).encode())
    assert (read.good, read.bad) == (4, {"too_many": 2, "number_invalid": 9})
    assert len(read.told) == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\0b.csv", "ab.csv"), ("\n\u202e", "File"), ("", "File"), ("x" * 300, "x" * 200)],
)
async def test_a_file_may_have_any_name(
    session_factory: Sessions, mia: Caller, batch: UUID, name: str, shown: str
) -> None:
    read = await recipients.upload(mia, session_factory, batch, io.BytesIO(ROWS.encode()), name)
    assert (read.good, read.name) == (2, shown)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,form\nAnn,A\n",
        b"number,name\n+15550100101,Ann\n",
        ",".join(map(str, range(1_000_000))).encode(),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50,
        ROWS.encode("utf-32"),
        b'"' + b"number,name,form\n" * 20_000,
    ],
)
async def test_a_file_that_is_no_list_is_refused_with_a_sentence(
    session_factory: Sessions, mia: Caller, batch: UUID, content: bytes
) -> None:
    with pytest.raises(Invalid):
        await take(session_factory, mia, batch, content)


async def test_only_managers_of_the_account_and_only_drafts(
    session_factory: Sessions, brand: Brand, mia: Caller, batch: UUID
) -> None:
    ann = person(brand.account_id, brand.ann)
    with pytest.raises(NotAllowed):
        await take(session_factory, ann, batch, ROWS.encode())
    with pytest.raises(NotFound):
        await take(session_factory, caller("other", Role.admin), batch, ROWS.encode())
    async with session_factory.begin() as session:
        await batches.move_stored(mia, session, session_factory, batch, Move.cancel)
    with pytest.raises(Conflict):
        await take(session_factory, mia, batch, ROWS.encode())


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
async def test_no_batch_is_planned_for_a_time_that_nobody_means(
    session_factory: Sessions, brand: Brand, mia: Caller, at: str
) -> None:
    new = NewBatch(title="T", line=brand.line_id, text="Hi", send_from=datetime.fromisoformat(at))
    async with session_factory.begin() as session:
        with pytest.raises(Invalid, match="a year ahead"):
            await batches.create(mia, session, new)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(time(22), time(23)), (None, time(7)), (time(21), None), (time(9), time(9))],
)
async def test_no_batch_has_hours_in_which_no_text_may_leave(
    session_factory: Sessions, brand: Brand, mia: Caller, begins: time | None, ends: time | None
) -> None:
    new = NewBatch(title="T", line=brand.line_id, text="Hi", window_from=begins, window_until=ends)
    async with session_factory.begin() as session:
        with pytest.raises(Invalid, match="hours"):
            await batches.create(mia, session, new)
