"""Consumers from a file: checked, imported twice without harm, and exported."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from database.tables import Consumer, Event
from services.importing import rows, taking
from tests.api.conftest import Office
from tests.fixtures.centre import Centre

IMPORT = "/v1/consumers/import"
HEADING = "number;name;e-mail;note;language;Tier;Vip\n"


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "SLICE", 2)


@pytest.fixture
async def fields(as_ada: httpx2.AsyncClient) -> None:
    """Own fields: a choice, and one that managers may not edit."""
    for body in (
        {"name": "Tier", "kind": "choice", "choices": ["Gold", "Silver"]},
        {"name": "Vip", "kind": "yes_no"},
        {"name": "Secret", "kind": "text", "edited_by": "admin"},
    ):
        answer = await as_ada.post("/v1/consumer-fields", json=body)
        assert answer.status_code == 201, answer.text


async def take(client: httpx2.AsyncClient, content: str | bytes, **asked: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    headers = {"Content-Type": "text/csv"}
    answer = await client.post(IMPORT, content=body, params=asked, headers=headers)
    return answer.json()


def counts(answer: Any) -> tuple[int, ...]:
    return tuple(answer[name] for name in ("new", "changed", "same", "refused"))


async def listed(client: httpx2.AsyncClient) -> dict[str, Any]:
    items = (await client.get("/v1/consumers")).json()["items"]
    return {one["number"]: one for one in items}


@pytest.mark.usefixtures("fields")
async def test_a_file_is_checked_then_imported_and_a_second_time_changes_nothing(
    centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    known = (await centre.conversation()).consumer_id
    number = str((await as_mia.get(f"/v1/consumers/{known}")).json()["number"])
    file = (
        f"sep=;\n{HEADING}"
        f"{number};Jo;;Asks often;;Gold;yes\n"
        "\n"
        "+4915123456701;Mia Müller;mia@acme.example;;de;silver;no\n"
        "+49 151 234567-01;Twice;;;;;\n"
        "12;Short;;;;;\n"
        "4.91512E+12;Shortened;;;;;\n"
        "+4915123456702;Tom;not an address;;;;\n"
        "+4915123456703;Tim;;;;Bronze;\n"
        '+4915123456704;"Open;;;;;\n'
    )
    checked = await take(as_mia, file, dry_run=True)
    assert counts(checked) == (1, 1, 0, 6)
    assert [one["line"] for one in checked["errors"]] == [6, 7, 8, 9, 10, 11]
    assert checked["errors"][0]["error"] == "Line 5 has the same number."
    assert "not an e-mail address" in checked["errors"][3]["error"]
    assert [(one["line"], one["is_new"]) for one in checked["examples"]] == [(3, False), (5, True)]
    assert checked["encoding"] == "UTF-8"
    assert len(await listed(as_mia)) == 1, "nothing is imported yet"

    assert counts(await take(as_mia, file)) == (1, 1, 0, 6)
    assert counts(await take(as_mia, file)) == (0, 0, 2, 6)
    found = await listed(as_mia)
    assert (found[number]["name"], found["+4915123456701"]["name"]) == ("Jo", "Mia Müller")
    async with centre.sessions() as session:
        told = select(Event.data).where(Event.kind == "consumer_changed")
        assert [one["changed"] for one in await session.scalars(told)] == ["name,note,fields"]
        mia = (
            await session.scalars(select(Consumer).where(Consumer.phone == "+4915123456701"))
        ).one()
    assert (mia.language, sorted(map(str, mia.fields.values()))) == ("de", ["False", "Silver"])

    other = f"number,name,note\n{number},Joanna,\n"
    assert counts(await take(as_mia, other)) == (0, 0, 1, 0), "what is known is kept"
    assert counts(await take(as_mia, other, known="replaced")) == (0, 1, 0, 0)
    after = (await as_mia.get(f"/v1/consumers/{known}")).json()
    assert (after["name"], after["note"]) == ("Joanna", "Asks often"), "a blank cell keeps"

    exported = await as_mia.get("/v1/consumers/export")
    assert exported.content.startswith(
        b"\xef\xbb\xbfnumber,name,email,note,language,secret,tier,vip"
    )
    assert counts(await take(as_mia, exported.content, known="replaced")) == (0, 0, 2, 0)


@pytest.mark.usefixtures("fields")
async def test_files_that_cannot_be_read_are_refused_whole(
    strangers: Office,
    as_mia: httpx2.AsyncClient,
    as_ann: httpx2.AsyncClient,
    centre: Centre,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def wrong(content: str | bytes) -> str:
        answer = await take(as_mia, content)
        assert answer["status"] in (403, 422), answer
        return str(answer["detail"])

    assert "number is missing" in await wrong("")
    assert "number is missing" in await wrong("name,email\nJo,jo@acme.example\n")
    assert await wrong("number,shoe size\n+4915123456701,42\n") == (
        "These columns are not known: shoe size."
    )
    assert await wrong("number,phone\n1,2\n") == "A column is there twice."
    locked = await take(as_mia, "number,secret\n+4915123456705,x\n")
    assert locked["errors"][0]["error"] == "Secret is edited by admins."
    assert "UTF-32" in await wrong("number\n".encode("utf-32"))
    assert "no text" in await wrong(b"PK\x03\x04" + b"\0" * 20 + b"\xff")
    monkeypatch.setattr(rows, "MOST_ROWS", 3)
    many = "number\n" + "".join(f"+49151234567{i:02}\n" for i in range(4))
    assert "Split it" in await wrong(many)
    assert counts(await take(as_mia, many[:-15])) == (3, 0, 0, 0)
    latin = "number,name\n+4915123456701,Müller\n=1+1,x\n".encode("cp1252")
    assert (await take(as_mia, latin))["encoding"] == "Windows-1252"
    wide = "number,name\n+4915123456702,Jörg\n".encode("utf-16")
    assert (await take(as_mia, wide))["encoding"] == "UTF-16"
    assert (await take(as_ann, "number\n"))["status"] == 403
    assert (await as_ann.get("/v1/consumers/export")).status_code == 403
    async with strangers.person(strangers.ada) as zoe:
        assert counts(await take(zoe, "number,name\n+4915123456701,Theirs\n")) == (1, 0, 0, 0)
    assert (await listed(as_mia))["+4915123456701"]["name"] == "Müller"
    async with centre.sessions() as session:
        theirs = select(func.count()).where(Consumer.phone == "+4915123456701")
        assert await session.scalar(theirs) == 2, "each account has its own"
