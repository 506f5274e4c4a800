"""Erasures by the API: what is held, exported, asked for; and what retention would erase."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from database.queries.consumers import with_phone
from database.tables import Account, Conversation, MediaFile
from domain.errors import Unavailable
from domain.numbers.phone_numbers import phone_of
from domain.people.roles import Role
from media.keys import key_of
from media.opening import create_store
from settings import Settings
from temporal.erasures import ErasureClient
from tests.api.conftest import Office
from tests.fixtures.centre import Centre

NUMBER = "+15550123"


async def test_an_admin_sees_exports_and_erases_what_is_held(
    office: Office, centre: Centre, settings: Settings
) -> None:
    await centre.text("hello zebrafinch")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    consumer = f"/v1/consumers/{centre.thread.consumer_id}"
    row = await centre.conversation()
    async with office.sessions.begin() as session:
        file = {"account_id": row.account_id, "conversation_id": row.id, "state": "stored"}
        made = insert(MediaFile).values(**file, id=row.id, ending="png")
        await session.execute(made)
    await create_store(settings.media).put(key_of(row.account_id, row.id), b"picture")
    asked = {"number": " +1 555 01 23 ", "reason": "They asked"}
    async with office.person(office.brand.mia) as as_mia:
        assert (await as_mia.get(f"{consumer}/held")).status_code == 403
        assert (await as_mia.post("/v1/erasures", json=asked)).status_code == 403
    async with office.person(office.ada) as as_ada:
        held = (await as_ada.get(f"{consumer}/held")).json()
        assert held["counts"]["conversations"] == 1
        archive = zipfile.ZipFile(io.BytesIO((await as_ada.get(f"{consumer}/everything")).content))
        everything = json.loads(archive.read("everything.json"))
        assert "hello zebrafinch" in [one["text"] for one in everything["message"]]
        assert archive.read(f"files/{row.id}.png") == b"picture"
        for unfit in ({"reason": "why"}, asked | {"reason": "  "}, asked | {"number": "+1555"}):
            assert (await as_ada.post("/v1/erasures", json=unfit)).status_code in (404, 422)
        erasure = await as_ada.post("/v1/erasures", json=asked | {"number": NUMBER})
        assert (erasure.status_code, erasure.json()["status"]) == (202, "closing")
        listed = (await as_ada.get("/v1/erasures")).json()["items"]
        assert [one["id"] for one in listed] == [erasure.json()["id"]]
        log = (await as_ada.get("/v1/audit")).json()["items"]
        assert {one["subject"] for one in log} >= {"erasure", "consumer"}


async def test_a_number_without_its_country_is_asked_for_again_instead_of_said_not_to_be_there(
    office: Office, centre: Centre
) -> None:
    await centre.text("hello")
    spellings = ("1 (555) 01-23", "001 555 0123", "(555) 01-23", "020 7183 8750", "+1555")
    async with office.person(office.ada) as as_ada:

        async def refused(number: str) -> tuple[int, str]:
            asked = {"number": number, "reason": "They asked"}
            answer = (await as_ada.post("/v1/erasures", json=asked)).json()
            return answer["status"], answer["code"]

        for spelling in spellings:
            assert await refused(spelling) == (422, "number_invalid"), spelling
        for unknown in ("+442071838750", "36180", "Acme"):
            assert await refused(unknown) == (404, "not_found"), unknown
        page = await as_ada.get("/admin/erasure", params={"number": "(555) 01-23"})
        assert "Nothing is held" not in page.text


async def _away(*_of: object) -> None:
    raise Unavailable


async def test_a_wider_erasure_is_refused_while_a_narrower_one_goes_on(
    office: Office, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the admin would be told that numbers are being erased that are not."""
    monkeypatch.setattr(ErasureClient, "start", _away)  # so that it goes on to the test's end
    await centre.text("hello")
    async with office.sessions.begin() as session:
        other = await with_phone(session, office.brand.account_id, phone_of("+15550124"))
        other.merged_into_id = UUID(centre.thread.consumer_id)
    asked = {"number": NUMBER, "reason": "They asked"}
    async with office.person(office.ada) as as_ada:
        narrow = await as_ada.post("/v1/erasures", json=asked)
        again = await as_ada.post("/v1/erasures", json=asked)
        assert narrow.json()["id"] == again.json()["id"]
        wider = await as_ada.post("/v1/erasures", json=asked | {"with_merged": True})
        assert (wider.status_code, wider.json()["code"]) == (409, "conflict")
        itself = await as_ada.post("/v1/erasures", json=asked | {"number": "+15550124"})
        assert itself.status_code == 202


async def test_cards_are_refused_and_what_retention_would_erase_is_said(
    office: Office, centre: Centre
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    row = await centre.conversation()
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(masks_cards=True))
    async with office.person(office.brand.ann) as as_ann:
        path = f"/v1/conversations/{row.id}"
        card = {"text": "Is it 4242 4242 4242 4242?"}
        for where in ("replies", "notes"):
            refused = await as_ann.post(f"{path}/{where}", json=card)
            assert (refused.status_code, "payment card" in refused.text) == (422, True)
        draft = {"revision": 0, **card}
        kept = (await as_ann.put(f"{path}/drafts/reply", json=draft)).json()
        assert kept["text"] == "Is it •••• •••• •••• 4242?"
    async with office.person(office.brand.mia) as as_mia:
        new = {"line": office.brand.line_id, "text": "Pay by {card}", "title": "Bills"}
        refused = await as_mia.post("/v1/batches", json=new | card)
        assert (refused.status_code, "payment card" in refused.text) == (422, True)
        batch = (await as_mia.post("/v1/batches", json=new)).json()
        rows = [{"number": "+15550100777", "values": {"card": "4242-4242-4242-4242"}}]
        added = await as_mia.post(
            f"/v1/batches/{batch['id']}/recipients", json={"recipients": rows}
        )
        assert added.status_code < 300, added.text
        bad = (await as_mia.get(f"/v1/batches/{batch['id']}/bad-rows")).json()["items"]
        assert [one["reason"] for one in bad] == ["card_number"]
    async with office.sessions.begin() as session:
        ended = {"status": "closed", "closed_at": datetime.now(UTC) - timedelta(days=40)}
        await session.execute(update(Conversation).values(**ended))
    async with office.program(Role.admin) as program:
        ask = "/v1/erasures/retention"
        nothing = {"conversations": 0, "messages": 0, "batch_texts": 0, "calls": 0, "at_least": []}
        assert (await program.get(f"{ask}?days=30")).json() == nothing | {"conversations": 1}
        assert (await program.get(ask)).json() == nothing
        assert (await program.get(f"{ask}?days=3")).status_code == 422
        changed = await program.patch("/v1/account", json={"retention_days": 30})
        assert changed.json()["retention_days"] == 30
