"""A long import of consent: written slice by slice, and honest about where it stopped."""

import csv
import io
from collections.abc import Callable
from unittest.mock import ANY

import psycopg
import pytest
from sqlalchemy import func, select

from database.queries import consent_ledger as ledger
from database.tables import Consent, ConsentEvent, Consumer
from domain.conversation.inputs import Person
from domain.people.roles import Role
from services import consent_ledger
from services.caller import Caller, Proof
from services.consent_ledger import Imported, LineError
from tests.fixtures.centre import Centre

HEADING = "number,kind,at,evidence\n"
AT = "2025-01-02T10:00:00Z"


class Killed(BaseException):
    """The end of a process in the middle of its work."""


def lines(count: int) -> str:
    return "".join(f"+4416149600{i:02},opted_out,{AT},old system\n" for i in range(count))


def admin(centre: Centre) -> Caller:
    mia = centre.brand.mia
    person = Person(mia.agent_id, mia.name, mia.role)
    proof = Proof(b"", is_program=False, acts_for=None)
    return Caller(centre.brand.account_id, mia.agent_id, Role.admin, person, proof)


async def take(centre: Centre, content: str) -> Imported:
    file = io.BytesIO(content.encode())
    return await consent_ledger.import_csv(admin(centre), centre.sessions, file)


async def counted(centre: Centre) -> list[int | None]:
    """Return how many consumers, events and consents there are."""
    imported = select(Consumer.id).where(Consumer.phone.startswith("+4416149600"))
    async with centre.sessions() as session:
        return [
            await session.scalar(select(func.count()).where(whose.in_(imported)))
            for whose in (Consumer.id, ConsentEvent.consumer_id, Consent.consumer_id)
        ]


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent_ledger, "SLICE", 4)


@pytest.fixture
def fails_in_slice(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, BaseException], None]:
    """Let writing a slice fail, the first being 1."""

    def set_up(which: int, error: BaseException) -> None:
        add, count = ledger.add, 0

        async def failing(*given: object) -> int:
            nonlocal count
            count += 1
            added = await add(*given)  # type: ignore[arg-type]
            if count == which:
                raise error
            return added

        monkeypatch.setattr(ledger, "add", failing)

    return set_up


async def test_a_file_of_many_slices_is_imported_once_with_bad_lines_told(centre: Centre) -> None:
    bad = "0161,opted_out,now,old system\n"
    content = HEADING + lines(6) + bad + lines(10) + bad
    first = await take(centre, content)
    assert (first.added, first.known, first.refused, first.stopped_at) == (10, 6, 2, None)
    assert first.errors == [LineError(8, ANY), LineError(19, ANY)]
    again = await take(centre, content)
    assert (again.added, again.known, again.refused) == (0, 16, 2)
    assert await counted(centre) == [10, 10, 10]


async def test_an_import_killed_between_slices_is_finished_by_sending_it_again(
    centre: Centre, fails_in_slice: Callable[[int, BaseException], None]
) -> None:
    fails_in_slice(3, Killed())
    with pytest.raises(Killed):
        await take(centre, HEADING + lines(14))
    assert await counted(centre) == [8, 8, 8], "each slice is kept whole or not at all"
    again = await take(centre, HEADING + lines(14))
    assert (again.added, again.known) == (6, 8)
    assert await counted(centre) == [14, 14, 14]


async def test_an_import_that_loses_the_database_says_which_lines_are_kept(
    centre: Centre, fails_in_slice: Callable[[int, BaseException], None]
) -> None:
    fails_in_slice(2, psycopg.OperationalError())
    stopped = await take(centre, HEADING + lines(14))
    assert (stopped.added, stopped.stopped_at) == (4, 6)
    assert await counted(centre) == [4, 4, 4]


async def test_an_import_that_could_keep_nothing_fails(
    centre: Centre, fails_in_slice: Callable[[int, BaseException], None]
) -> None:
    fails_in_slice(1, psycopg.OperationalError())
    with pytest.raises(psycopg.OperationalError):
        await take(centre, HEADING + lines(14))


async def test_an_import_stops_when_its_time_is_over_and_each_further_one_goes_on(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent_ledger, "WRITING_SECONDS", 0)
    stops = [await take(centre, HEADING + lines(10)) for _ in range(3)]
    assert [(one.added, one.known, one.stopped_at) for one in stops] == [
        (4, 0, 6),
        (4, 4, 10),
        (2, 8, None),
    ]


async def test_an_export_is_read_page_by_page(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAGE", 4)
    await take(centre, HEADING + lines(10))
    pages = [page async for page in await consent_ledger.export(admin(centre), centre.sessions)]
    assert [len(page) for page in pages] == [4, 4, 2]
    numbers = [row["number"] for page in pages for row in page]
    assert numbers == [row["number"] for row in csv.DictReader(io.StringIO(HEADING + lines(10)))]
