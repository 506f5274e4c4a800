"""Notifications and batches by the API: sent once, held at night, and all their lists."""

from datetime import UTC, datetime

import httpx2
from sqlalchemy import func, select, update

from database.queries.consent import Recorded, record_opt_out
from database.queries.consumers import with_phone
from database.tables import Account, Invitation, Message
from domain.consent.sources import ConsentSource
from domain.numbers.phone_numbers import phone_of
from outgoing.standalone import Standalone
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from workers.parts import create_sender

NUMBER = "+15550100177"
CSV = {"Content-Type": "text/csv"}


def notification(office: Office, **more: object) -> dict[str, object]:
    text = {"text": "Hi {Name}, it is ready.", "values": {"name": "Cleo"}}
    return {"line": office.brand.line_id, "number": NUMBER, **text} | more


async def test_a_notification_is_sent_once_per_key_and_says_what_became_of_it(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    new = notification(office, skill=office.brand.sales, context={"reference": "7"})
    key = {"Idempotency-Key": "one"}
    first = await as_ann.post("/v1/notifications", json=new, headers=key)
    again = await as_ann.post("/v1/notifications", json=new, headers=key)
    assert (first.status_code, first.json()) == (201, again.json())
    await Standalone(
        centre.sessions, create_sender(centre.settings, centre.sessions, centre.http)
    ).send_due()
    shown = (await as_ann.get(f"/v1/notifications/{first.json()['id']}")).json()
    assert (shown["text"], shown["skill_id"]) == ("Hi Cleo, it is ready.", office.brand.sales)
    assert shown["status"] != "queued"
    assert shown["context"]["reference"] == "7"
    assert await eventually(lambda: centre.phone(NUMBER)) == ["Hi Cleo, it is ready."]


async def test_a_notification_asks_what_an_opening_asks(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    async def refused(**more: object) -> str:
        answer = await as_ann.post("/v1/notifications", json=notification(office, **more))
        return str(answer.json()["code"])

    await change(centre, needs_consent=True, first_text_check="refuse")
    assert await refused(number="+4930901820") == "number_is_landline"
    assert await refused(number="12") == "number_invalid"
    assert await refused(values={}) == "invalid"
    assert await refused(text="Hi {name") == "invalid"
    assert await refused(line="nothing") == "not_found"
    assert await refused() == "consent_missing"
    assert await refused(consent_evidence="A form") == "invalid"
    async with centre.sessions.begin() as session:
        consumer = await with_phone(session, office.brand.account_id, phone_of(NUMBER))
        await record_opt_out(
            session, office.brand.account_id, consumer.id, Recorded(ConsentSource.api)
        )
        assert await session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert await refused() == "consumer_opted_out"


async def test_a_notification_at_night_waits_for_the_morning(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    ahead = (23 - datetime.now(UTC).hour + 11) % 24 - 11
    zone = f"Etc/GMT{-ahead:+}" if ahead else "Etc/GMT"
    await change(centre, holds_quiet_hours=True, time_zone=zone)
    sent = (await as_ann.post("/v1/notifications", json=notification(office))).json()
    leaves = datetime.fromisoformat(sent["leaves_from"])
    assert sent["status"] == "queued"
    assert leaves > datetime.now(UTC)
    async with centre.sessions() as session:
        row = (await session.scalars(select(Message))).one()
    assert row.look_up_at == leaves


async def test_a_batch_is_made_checked_started_and_listed(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    new = {"title": "Spring", "line": office.brand.line_id, "text": "Hi {name}!"}
    made = await as_mia.post("/v1/batches", json=new)
    at = f"/v1/batches/{made.json()['id']}"
    assert (made.status_code, (await as_ann.get(at)).status_code) == (201, 403)
    assert (await as_mia.post(f"{at}/start")).json()["detail"].startswith("The batch has no rec")
    file = f"number;name\n{NUMBER};Cleo\n15550100178;Dan\nx;Eve\n{NUMBER};Cleo\n+4930901820;Land\n"
    read = (await as_mia.post(f"{at}/recipients/csv", content=file, headers=CSV)).json()
    assert (read["good"], read["bad"]) == (3, {"number_invalid": 1, "duplicate": 1})
    assert [(row["line"], row["reason"]) for row in read["told"]] == [
        (4, "number_invalid"),
        (5, "duplicate"),
    ]
    check = (await as_mia.get(f"{at}/check")).json()
    assert (check["gets_it"], check["left_out"], check["segments"]) == (2, {"landline": 1}, 2)
    assert (check["cost"], check["seconds"]) == (None, 2.0)
    test = await as_mia.post(f"{at}/test", json={"number": "+15550100179"})
    assert test.json() == {"text": "Hi Cleo!"}
    started = (await as_mia.post(f"{at}/start")).json()
    assert started["status"] == "running"
    assert (await as_mia.post(f"{at}/start")).status_code == 200
    more = {"recipients": [{"number": "+15550100180", "values": {"name": "F"}}]}
    assert (await as_mia.post(f"{at}/recipients", json=more)).status_code == 409
    cancelled = (await as_mia.post(f"{at}/cancel")).json()
    assert (cancelled["status"], (await as_mia.post(f"{at}/resume")).status_code) == (
        "cancelled",
        409,
    )
    await lists_say_so(as_mia, at)


async def test_a_batch_does_each_command_once_by_its_key(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    async def twice(path: str, key: str, **body: object) -> httpx2.Response:
        headers = {"Idempotency-Key": key}
        first, again = [await as_mia.post(path, json=body, headers=headers) for _ in "ab"]
        assert first.status_code < 300, first.text
        assert again.json() == first.json()
        return first

    new = {"title": "Spring", "line": office.brand.line_id, "text": "Hi {name}!"}
    made = await twice("/v1/batches", "make", **new)
    at = f"/v1/batches/{made.json()['id']}"
    rows = [{"number": NUMBER, "values": {"name": "Cleo"}}]
    added = await twice(f"{at}/recipients", "add", recipients=rows)
    assert (added.json()["good"], added.json()["known"]) == (1, None)
    await twice(f"{at}/test", "test", number="+15550100179")
    async with office.sessions() as session:
        assert len((await session.scalars(select(Message))).all()) == 1
    first = await twice(f"{at}/start", "start")
    await twice(f"{at}/pause", "pause")
    await twice(f"{at}/resume", "resume")
    await twice(f"{at}/pause", "pause-2")
    for late in ("start", "resume"):  # what comes again late starts nothing
        answer = await as_mia.post(f"{at}/{late}", json={}, headers={"Idempotency-Key": late})
        assert answer.json()["status"] == first.json()["status"] == "running"
    assert (await as_mia.get(at)).json()["status"] == "paused"
    assert len((await as_mia.get("/v1/batches")).json()["items"]) == 1


async def lists_say_so(as_mia: httpx2.AsyncClient, at: str) -> None:
    figures = (await as_mia.get(at)).json()["figures"]
    assert figures["recipients"] == 3
    assert figures["left_out_because"]["landline"] == 1
    page = (await as_mia.get(f"{at}/recipients?limit=1&status=left_out")).json()
    rest = (
        (await as_mia.get(f"{at}/recipients?cursor={page['next']}")).json()
        if page["next"]
        else page
    )
    assert {one["line"] for one in page["items"] + rest["items"]} <= {2, 3, 6}
    assert (await as_mia.get(f"{at}/recipients?status=nothing")).status_code == 422
    results = (await as_mia.get(f"{at}/results.csv")).text.splitlines()
    bad = (await as_mia.get(f"{at}/bad-rows.csv")).text.splitlines()
    assert (len(results), len(bad)) == (4, 3)
    assert NUMBER in results[1]
    copied = await as_mia.post(f"{at}/copy")
    assert (copied.json()["recipients"], copied.json()["text"]) == (0, "Hi {name}!")
    listed = (await as_mia.get("/v1/batches?limit=1")).json()
    assert [one["id"] for one in listed["items"]] == [copied.json()["id"]]
    other = (await as_mia.get(f"/v1/batches?cursor={listed['next']}")).json()
    assert len(other["items"]) == 1


async def change(centre: Centre, **settings: object) -> None:
    async with centre.sessions.begin() as session:
        whose = Account.id == centre.brand.account_id
        await session.execute(update(Account).where(whose).values(settings))
