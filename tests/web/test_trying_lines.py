"""A line is tried: a text to one's own phone, what became of it, and the first text that comes."""

import re
from uuid import UUID

import httpx2
from sqlalchemy import func, select
from sqlalchemy import text as sql

from database.queries.consent import Recorded, record_opt_out
from database.queries.consumers import with_phone
from database.queries.line_health import LAST_IN, LAST_OUT
from database.tables import LineTest, Message
from domain.consent.sources import ConsentSource
from domain.numbers.phone_numbers import phone_of
from outgoing.standalone import Standalone
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.conftest import PAGE, Browsing
from workers.parts import create_sender

PHONE, WRONG = "+15550100177", "+15005550009"


async def told(page: httpx2.AsyncClient, line_id: str) -> str:
    """Return what the line's page says of its texts, as one line of plain words."""
    part = (await page.get(f"/admin/lines/{line_id}/arrived")).text
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


async def test_an_admin_texts_their_own_phone_and_sees_what_became_of_it(
    office: Office, centre: Centre, browsing: Browsing
) -> None:
    line = office.brand.line_id
    worker = Standalone(
        centre.sessions, create_sender(centre.settings, centre.sessions, centre.http)
    )
    async with browsing(office.ada) as ada:
        page = (await ada.get(f"/admin/lines/{line}")).text
        [key] = re.findall(r'name="key" value="(\w+)"', page)
        assert "this line works" in page
        assert "None yet. Text" in await told(ada, line)
        form = {"number": PHONE, "text": "Does it work?", "key": key}
        for _ in range(2):  # a second click, or an answer that was lost
            done = await ada.post(f"/admin/lines/{line}/tests", data=form, headers=PAGE)
            assert done.headers["HX-Retarget"] == f"#trying-{line}"
        assert f"Test text to {PHONE} Waiting to be sent" in await told(ada, line)
        await worker.send_due()
        assert await eventually(lambda: centre.phone(PHONE)) == ["Does it work?"]
        assert "Waiting to be sent" not in await told(ada, line)

        # What the provider refuses is told with its own words and code.
        wrong = {"number": WRONG, "text": "Does it work?"}
        assert (await ada.post(f"/admin/lines/{line}/tests", data=wrong, headers=PAGE)).is_success

        async def refused() -> bool:
            await worker.send_due()  # the line may need a moment between two texts
            return "Not sent" in await told(ada, line)

        assert await eventually(refused)
        found = await told(ada, line)
        assert "not a valid mobile number" in found
        assert "21614" in found

        # The first text from a consumer appears there, with its words.
        await centre.text("I got it <b>!")
        await centre.when("waiting")
        assert "I got it &lt;b&gt;!" in await told(ada, line)


async def test_programs_try_a_line_once_per_key_and_only_a_few_times_a_minute(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/lines/{office.brand.line_id}/tests"
    key = {"Idempotency-Key": "one"}
    first = await as_ada.post(path, json={"number": PHONE}, headers=key)
    again = await as_ada.post(path, json={"number": PHONE}, headers=key)
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["status"] == "queued"
    assert "this line works" in first.json()["text"]
    shown = await as_ada.get(f"{path}/{first.json()['id']}")
    assert shown.json() == (await as_ada.get(path)).json()[0]

    async def refused(**new: object) -> str:
        return str((await as_ada.post(path, json=new)).json()["code"])

    line = f"/v1/lines/{office.brand.line_id}"
    assert (await as_ada.patch(line, json={"countries": ["US"]})).status_code == 200
    assert await refused(number="+4930901820") == "number_is_landline"
    assert await refused(number="+4915112345678") == "country_not_allowed"
    assert (await as_ada.patch(line, json={"countries": ["US", "DE"]})).status_code == 200
    assert await refused(number=PHONE, text=" ") == "message_empty"
    async with office.person(office.brand.mia) as mia:
        assert (await mia.post(path, json={"number": PHONE})).status_code == 403
    async with centre.sessions.begin() as session:
        consumer = await with_phone(session, office.brand.account_id, phone_of("+15550100178"))
        by = Recorded(ConsentSource.api)
        await record_opt_out(session, office.brand.account_id, consumer.id, by)
    assert await refused(number="+15550100178") == "consumer_opted_out"
    for _ in range(2):
        assert (await as_ada.post(path, json={"number": PHONE})).status_code == 201
    assert await refused(number=PHONE) == "bound_reached"
    async with centre.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(LineTest)) == 3
        assert UUID(first.json()["id"]) in set(await session.scalars(select(Message.id)))


async def test_a_lines_last_texts_are_read_at_the_end_of_an_index(office: Office) -> None:
    values = {"line_id": office.brand.line_id}
    async with office.sessions() as session:
        for way in ("seqscan", "sort", "bitmapscan"):  # which few rows would make the cheapest
            await session.execute(sql(f"SET LOCAL enable_{way} = off"))
        for query, index in ((LAST_IN, "ix_message_in"), (LAST_OUT, "ix_message_out")):
            plan = "\n".join(await session.scalars(sql(f"EXPLAIN {query.text}"), values))
            assert f"Backward using {index}" in plan
            assert "Sort" not in plan
