"""Drafts on the server: no late request brings sent words back, and nobody reads another's."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import text as sql
from sqlalchemy import update

from database.engine import Sessions
from database.queries import drafts, media
from database.tables import Message
from domain.writing.drafts import EMPTY_KEPT, KEPT
from services.clock import utc_now
from tests.api.conftest import Office
from tests.api.test_problems import check
from tests.fixtures.centre import Centre
from tests.fixtures.file_host import picture


@pytest.fixture
async def assigned(centre: Centre) -> str:
    """A conversation that Ann holds; its address."""
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


async def save(
    client: httpx2.AsyncClient, address: str, text: str, revision: int, **more: Any
) -> httpx2.Response:
    surface = more.pop("surface", "reply")
    body = {"text": text, "revision": revision} | more
    return await client.put(f"{address}/drafts/{surface}", json=body)


async def kept(client: httpx2.AsyncClient, address: str) -> dict[str, tuple[str, int]]:
    """Return words and revision of both drafts of a conversation."""
    found = (await client.get(f"{address}/writing")).json()["drafts"]
    return {one["surface"]: (one["text"], one["revision"]) for one in found}


async def test_a_reply_and_a_note_are_two_drafts_that_only_their_writer_reads(
    office: Office,
    assigned: str,
    strangers: Office,
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
) -> None:
    assert await kept(as_ann, assigned) == {"reply": ("", 0), "note": ("", 0)}
    first = await save(as_ann, assigned, "Hello J", 0)
    assert (first.status_code, first.json()["revision"]) == (200, 1)
    assert (await save(as_ann, assigned, "Hello Jo", 1)).json()["revision"] == 2
    assert (await save(as_ann, assigned, "Is a fraud?", 0, surface="note")).status_code == 200
    mine = await kept(as_ann, assigned)
    assert mine == {"reply": ("Hello Jo", 2), "note": ("Is a fraud?", 1)}
    assert (await kept(as_mia, assigned))["reply"] == ("", 0)
    page = (await as_ann.get("/v1/me/drafts", params={"limit": 1})).json()
    rest = (await as_ann.get("/v1/me/drafts", params={"cursor": page["next"]})).json()
    assert [one["text"] for one in page["items"] + rest["items"]] == ["Is a fraud?", "Hello Jo"]
    assert (await as_mia.get("/v1/me/drafts")).json()["items"] == []
    check(await save(as_ben, assigned, "not mine", 0), 404, "not_found")
    async with strangers.person(strangers.ada) as zoe:
        check(await save(zoe, assigned, "not mine", 0), 404, "not_found")
        assert (await zoe.get(f"{assigned}/writing")).status_code == 404


async def test_a_late_save_neither_overwrites_newer_words_nor_brings_sent_ones_back(
    assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    await save(as_ann, assigned, "Hello Jo", 0)
    again = await save(as_ann, assigned, "Hello Jo", 0)  # its answer was lost
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    check(await save(as_ann, assigned, "Hello", 0), 409, "draft_overtaken")
    sent = {"Idempotency-Key": "once"}
    body = {"text": "Hello Jo"}
    assert (await as_ann.post(f"{assigned}/replies", json=body, headers=sent)).status_code == 201
    assert (await kept(as_ann, assigned))["reply"] == ("", 2)
    check(await save(as_ann, assigned, "Hello Jo", 1), 409, "draft_overtaken")
    # The same words are typed again, and the first request comes once more.
    assert (await save(as_ann, assigned, "Hello Jo", 2)).status_code == 200
    await as_ann.post(f"{assigned}/replies", json=body, headers=sent)
    assert (await kept(as_ann, assigned))["reply"] == ("Hello Jo", 3)
    # So it does after another tab has sent something else.
    assert (await as_ann.post(f"{assigned}/replies", json={"text": "Bye"})).status_code == 201
    before = (await kept(as_ann, assigned))["reply"]
    await as_ann.post(f"{assigned}/replies", json=body, headers=sent)
    assert (await kept(as_ann, assigned))["reply"] == before
    assert before[0] == "Hello Jo"


async def test_sending_takes_only_what_was_sent_out_of_the_draft_of_its_surface(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    # Nothing was saved yet: a save that is still on its way is refused all the same.
    await as_ann.post(f"{assigned}/notes", json={"text": "Seems nice"})
    check(await save(as_ann, assigned, "Seems nice", 0, surface="note"), 409, "draft_overtaken")
    await save(as_ann, assigned, "One moment. I am looking", 0)
    await save(as_ann, assigned, "One moment.", 1, surface="note")
    await as_ann.post(f"{assigned}/replies", json={"text": "One moment."})
    assert await kept(as_ann, assigned) == {
        "reply": ("I am looking", 2),
        "note": ("One moment.", 2),
    }
    answer = await as_ann.post(f"{assigned}/replies", json={"text": "Hi {consumer_name}"})
    check(answer, 422, "placeholder_left")
    async with office.program(office.ada.role, X_Agent=office.brand.ann.agent_id) as program:
        await program.post(f"{assigned}/replies", json={"text": "I am looking"})
    assert (await kept(as_ann, assigned))["reply"][0] == "I am looking"  # she wrote it, not it
    for later, left in ((timedelta(days=400), "I am looking"), (timedelta(days=1), "")):
        later_text = {"text": "I am looking", "at": (utc_now() + later).isoformat()}
        await as_ann.post(f"{assigned}/scheduled-texts", json=later_text)
        assert (await kept(as_ann, assigned))["reply"][0] == left


async def test_a_draft_outlives_transfer_and_closing_and_goes_with_time(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    await save(as_mia, assigned, "Let me see", 0)
    await save(as_ann, assigned, "Half a sent", 0)
    await as_mia.post(f"{assigned}/take-over")
    assert (await save(as_ann, assigned, "Half a sentence", 1)).status_code == 200
    await as_mia.post(f"{assigned}/close")
    assert (await kept(as_ann, assigned))["reply"] == ("Half a sentence", 2)
    assert (await save(as_mia, assigned, "", 1)).json()["revision"] == 2
    assert (await as_mia.get("/v1/me/drafts")).json()["items"] == []
    now = utc_now()
    left = [
        await _left_after(office.sessions, now + age)
        for age in (EMPTY_KEPT / 2, EMPTY_KEPT * 2, KEPT * 2)
    ]
    assert left == [2, 1, 0]


async def _left_after(sessions: Sessions, now: datetime) -> int:
    async with sessions.begin() as session:
        await drafts.forget_old(session, now, kept=KEPT, empty=EMPTY_KEPT)
        return int(await session.scalar(sql("SELECT count(*) FROM draft")) or 0)


async def test_pictures_stay_as_long_as_a_draft_names_them(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    files = [
        (await as_ann.post(f"{assigned}/media", content=picture())).json()["id"] for _ in range(2)
    ]
    elsewhere = str(uuid4())
    saved = await save(as_ann, assigned, "", 0, media=[files[0], files[0], elsewhere])
    assert saved.json()["media"] == [files[0]]
    async with office.sessions.begin() as session:
        await media.forget_unused(session, utc_now() + EMPTY_KEPT)
    assert (await as_ann.get(f"/v1/media/{files[0]}")).status_code == 200
    assert (await as_ann.get(f"/v1/media/{files[1]}")).status_code == 404


async def test_a_draft_is_bounded_and_a_program_on_its_own_has_none(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    assert (await save(as_ann, assigned, "x" * 20_000, 0)).status_code == 200
    check(await save(as_ann, assigned, "x" * 20_001, 1), 422, "malformed")
    check(await save(as_ann, assigned, "\0", 1), 422, "malformed")
    assert (await as_ann.put(f"{assigned}/drafts/poem", json={"revision": 0})).status_code == 422
    async with office.program(office.ada.role) as program:
        check(await save(program, assigned, "Hi", 0), 403, "nobody_acts")
        shown = (await program.get(f"{assigned}/writing")).json()
    assert {one["revision"] for one in shown["drafts"]} == {0}
    del shown["drafts"]
    assert shown == {
        "longest_text": 1600,
        "encodes_smartly": False,
        "may_send_pictures": True,
        "segment_price": None,
    }


async def test_what_a_segment_costs_is_known_once_the_provider_has_told_prices(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    texts = update(Message).where(Message.segments > 0)
    told = {"price": Decimal("-0.0166"), "price_currency": "USD"}
    async with office.sessions.begin() as session:
        await session.execute(texts.values(**told))
    price = (await as_ann.get(f"{assigned}/writing")).json()["segment_price"]
    assert price["currency"] == "USD"
    assert 0.008 < price["amount"] < 0.017  # of one or two segments each
