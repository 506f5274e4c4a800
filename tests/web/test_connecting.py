"""Connecting a provider on pages: checked at once, numbers picked, set up there and taken back."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import Request, Response
from sqlalchemy import select, update
from sqlalchemy import text as sql
from starlette.middleware.base import RequestResponseEndpoint

from database.tables import Account, Alert, Connector, Line, LineHealth, Skill
from providers.twilio.simulator.phone_numbers import phone_sid
from services.line_health import LineChecks
from services.phone_set_up import Provisioning
from services.supervising.alerts import AlertWatch
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from tests.api.conftest import Office
from tests.simulator.serving import Stage, stage
from tests.web.conftest import PAGE, Browsing

SID, TOKEN = "AC" + "5" * 32, "simulated-token"
FREE, FREE_TOLL = "+15550100003", "+18335550104"
BEFORE = "https://crm.example/texts"
HELD = sql("""
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
      AND state = 'idle in transaction' AND pid <> pg_backend_pid()
""")


@pytest.fixture(scope="module")
async def theatre() -> AsyncIterator[Stage]:
    async with stage() as opened:
        yield opened


@pytest.fixture
async def twilio(theatre: Stage) -> AsyncIterator[httpx2.AsyncClient]:
    """Twilio's side, as the simulator plays it, with numbers that go nowhere here yet."""
    settings = SimulatorSettings(
        account_sid=SID,
        auth_token=TOKEN,
        numbers=[FREE, FREE_TOLL, "555104"],
        lines={"+15550100007": BEFORE},
    )
    async with (
        theatre.playing(create_simulator(settings)),
        httpx2.AsyncClient(base_url=theatre.url) as client,
    ):
        yield client


async def sent(browser: httpx2.AsyncClient, path: str, **form: str | list[str]) -> httpx2.Response:
    return await browser.post(path, data=form, headers=PAGE)


async def connected(browser: httpx2.AsyncClient, twilio: httpx2.AsyncClient) -> str:
    """Connect the account, and return the path of its connector."""
    form = {"secret-account_sid": SID, "secret-auth_token": TOKEN, "api_url": str(twilio.base_url)}
    done = await sent(browser, "/admin/connectors", provider="twilio", name="Twilio two", **form)
    assert done.status_code == 200, done.text
    return done.headers["HX-Redirect"]


async def picked(
    browser: httpx2.AsyncClient, path: str, skill: str, *numbers: str, replaces: str = ""
) -> str:
    form: dict[str, str | list[str]] = {"numbers": list(numbers)}
    for number in numbers:
        form |= {f"skill {number}": skill, f"name {number}": f"Line {number[-4:]}"}
        form[f"replaces {number}"] = replaces
    done = await browser.post(f"{path}/numbers", data=form, headers={"X-Switchboard": "1"})
    assert done.status_code == 200, done.text
    return done.text


async def goes_to(twilio: httpx2.AsyncClient, number: str) -> str:
    path = f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json"
    found = await twilio.get(path, params={"PhoneNumber": number}, auth=(SID, TOKEN))
    return str(found.json()["incoming_phone_numbers"][0]["sms_url"])


async def line_of(office: Office, number: str) -> Line:
    async with office.sessions() as session:
        [line] = await session.scalars(select(Line).where(Line.address == number))
        return line


async def test_every_broken_account_is_told_in_words_and_nothing_is_saved(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    right = {"secret-account_sid": SID, "secret-auth_token": TOKEN}
    at = {"provider": "twilio", "api_url": str(twilio.base_url)}
    wrong: list[tuple[str, dict[str, str], dict[str, str]]] = [
        ("refused the account SID or the secret", right | {"secret-auth_token": "guess"}, {}),
        ("Account SID: has the wrong format.", right | {"secret-account_sid": "AC1"}, {}),
        ("auth_token", {"secret-account_sid": SID}, {}),
        ("has suspended this account", right, {"status": "suspended"}),
        ("is closed at Twilio", right, {"status": "closed"}),
    ]
    async with browsing(office.ada) as ada:
        for sentence, form, standing in wrong:
            await twilio.patch("/standing", json={"status": "active"} | standing)
            refused = await sent(ada, "/admin/connectors", **at, **form)
            assert (refused.status_code, sentence in refused.text) == (422, True), sentence
        page = await ada.get("/admin/connectors")
        assert "Twilio two" not in page.text
        await twilio.patch("/standing", json={"status": "active", "type": "Trial"})
        path = await connected(ada, twilio)
        assert "texts only numbers that are verified" in (await ada.get(f"{path}/checks")).text


async def test_numbers_are_picked_set_up_and_given_back_when_their_line_is_retired(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        listed = (await ada.get(f"{path}/numbers")).text
        for shown in (FREE, "Toll-free", "Short code", BEFORE, "This will be replaced."):
            assert shown in listed
        skill = office.brand.support
        assert "went" not in await picked(ada, path, skill, FREE, "555104")
        [line, code] = [await line_of(office, one) for one in (FREE, "555104")]
        ours = f"http://api.test/webhooks/twilio/{line.id}/inbound"
        assert await goes_to(twilio, FREE) == ours
        assert (line.kind, code.kind, line.name) == ("long_code", "short_code", "Line 0003")
        # Picked again, as by a second click, nothing is made twice.
        await picked(ada, path, skill, FREE)
        assert (await line_of(office, FREE)).id == line.id
        moved = await picked(ada, path, skill, "+15550100007", replaces="https://other.example/")
        assert "go elsewhere now than you saw" in moved
        await picked(ada, path, skill, "+15550100007", replaces=BEFORE)
        replaced = await line_of(office, "+15550100007")
        assert "webhooks/twilio" in await goes_to(twilio, "+15550100007")
        done = await sent(ada, f"/admin/lines/{replaced.id}/retire")
        assert done.headers["HX-Redirect"] == "/admin/lines"
        assert await goes_to(twilio, "+15550100007") == BEFORE


async def test_a_number_of_another_account_here_is_refused_without_a_word_about_it(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    await _stranger_with(office, FREE)
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        listed = (await ada.get(f"{path}/numbers")).text
        refused = await picked(ada, path, office.brand.support, FREE)
        for told in (listed, refused):
            assert f"Texts of {FREE} already go to a line of another account here." in told
            assert "stranger" not in told.lower()
        new = {"name": "By hand", "connector": path.rpartition("/")[2], "address": FREE}
        async with office.person(office.ada) as api:
            made = await api.post("/v1/lines", json=new | {"entry_skill": office.brand.support})
        again = await sent(ada, f"/admin/lines/{made.json()['id']}/set-up")
        for told in (again.text, await picked(ada, path, office.brand.support, FREE)):
            assert "already go to a line of another account here." in told
        assert "already go to" in (await ada.get(f"{path}/numbers")).text
        assert await goes_to(twilio, FREE) == ""
        none = await sent(ada, f"{path}/numbers")
        assert (none.status_code, "<html" in none.text) == (422, False)


async def _stranger_with(office: Office, number: str) -> None:
    """Give another account here a line with a number."""
    account = {"account_id": "stranger"}
    async with office.sessions.begin() as session:
        session.add(Account(id="stranger", name="Stranger", brand="Stranger"))
        await session.flush()
        session.add(Skill(id="stranger-a", name="A", **account))
        session.add(
            Connector(id="stranger-t", provider="twilio", name="T", secret=b"secret", **account)
        )
        await session.flush()
        session.add(
            Line(
                id="stranger-line",
                connector_id="stranger-t",
                name="Stranger's",
                address=number,
                kind="long_code",
                entry_skill_id="stranger-a",
                **account,
            )
        )


async def test_a_line_whose_number_is_gone_at_the_provider_says_so(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        await picked(ada, path, office.brand.support, FREE)
        line = await line_of(office, FREE)
        async with office.sessions.begin() as session:
            moved = update(Line).where(Line.id == line.id).values(address="+15550100098")
            await session.execute(moved)
        health = (await ada.get(f"/admin/lines/{line.id}/health")).text
        assert "has no such number any more" in health


async def test_what_somebody_changed_at_the_provider_is_found_told_and_mended(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        await picked(ada, path, office.brand.support, FREE)
        line = await line_of(office, FREE)
        page = f"/admin/lines/{line.id}"
        assert "Not so" not in (await ada.get(f"{page}/health")).text
        await twilio.put(f"/lines/{FREE}", json={"webhook_url": BEFORE})
        health = (await ada.get(f"{page}/health")).text
        assert f"posts this line&#39;s texts to {BEFORE}" in health
        assert "Texts do not pass" in (await ada.get("/admin/lines")).text
        await AlertWatch(office.sessions).look()
        async with office.sessions() as session:
            alerts = list(await session.scalars(select(Alert).where(Alert.ended_at.is_(None))))
            assert [(one.kind, one.subject_id) for one in alerts] == [("line_broken", line.id)]
        await sent(ada, f"{page}/set-up")
        assert "Not so" not in (await ada.get(f"{page}/health")).text
        await AlertWatch(office.sessions).look()
        async with office.sessions() as session:
            assert not list(await session.scalars(select(Alert).where(Alert.ended_at.is_(None))))
        await twilio.patch("/standing", json={"toll_free": "REJECTED"})
        await picked(ada, path, office.brand.support, FREE_TOLL)
        toll_free = await line_of(office, FREE_TOLL)
        told = (await ada.get(f"/admin/lines/{toll_free.id}/health")).text
        assert "Website not reachable" in told


async def test_each_line_is_checked_once_an_hour_by_whichever_worker(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient, provisioning: Provisioning
) -> None:
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        await picked(ada, path, office.brand.support, FREE)
    async with office.sessions.begin() as session:
        await session.execute(
            update(Line).where(Line.id == office.brand.line_id).values(retired_at=Line.created_at)
        )
    one, other = LineChecks(provisioning), LineChecks(provisioning)
    assert [await one.check_next(), await other.check_next()] == [True, False]
    async with office.sessions() as session:
        [kept] = await session.scalars(select(LineHealth))
        assert kept.broken_since is None
        assert {found["is_well"] for found in kept.findings} == {True}


async def test_programs_list_and_connect_numbers_too(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada:
        connector = (await connected(ada, twilio)).rpartition("/")[2]
    path = f"/v1/connectors/{connector}/numbers"
    listed = {one["address"]: one for one in (await as_ada.get(path)).json()}
    assert listed[FREE]["line_id"] is None
    pick = {"address": FREE, "entry_skill": office.brand.support}
    made = (await as_ada.post(path, json=pick)).json()
    assert made["is_ours"]
    report = (await as_ada.get(f"/v1/lines/{made['line_id']}/health")).json()
    assert (report["broken_since"], report["last_text_in"]) == (None, None)
    unknown = await as_ada.post(path, json=pick | {"address": "+15550100042"})
    assert unknown.status_code == 409
    assert (await as_ada.post(f"/v1/lines/{made['line_id']}/take-back")).json()["was_set_up"]
    assert await goes_to(twilio, FREE) == ""


async def test_what_was_there_is_given_back_as_it_was_called(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    number, path = "+15550100007", f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers"
    query, auth = {"PhoneNumber": number}, (SID, TOKEN)
    before = (await twilio.get(f"{path}.json", params=query, auth=auth)).json()
    sid = before["incoming_phone_numbers"][0]["sid"]
    there = {
        "SmsUrl": BEFORE,
        "SmsMethod": "GET",
        "SmsFallbackUrl": "https://crm.example/late",
        "SmsFallbackMethod": "GET",
    }
    await twilio.post(f"{path}/{sid}.json", data=there, auth=auth)
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        connector = await connected(ada, twilio)
        assert "https://crm.example/late" in (await ada.get(f"{connector}/numbers")).text
        pick = {"address": number, "entry_skill": office.brand.support, "replaces": BEFORE}
        numbers = f"/v1/connectors/{connector.rpartition('/')[2]}/numbers"
        moved = await api.post(numbers, json=pick | {"replaces_fallback": ""})
        assert moved.status_code == 409
        made = await api.post(numbers, json=pick)
        assert made.json()["is_ours"]
        line = made.json()["line_id"]
        assert (await api.delete(f"/v1/lines/{line}")).status_code == 204
    after = (await twilio.get(f"{path}.json", params=query, auth=auth)).json()
    [now] = after["incoming_phone_numbers"]
    assert (now["sms_url"], now["sms_method"]) == (BEFORE, "GET")
    assert (now["sms_fallback_url"], now["sms_fallback_method"]) == (
        "https://crm.example/late",
        "GET",
    )


async def test_a_service_that_leaves_texts_to_its_numbers_is_not_taken_over(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    service = "MG" + "7" * 32
    line = {"webhook_url": BEFORE, "messaging_service_sid": service}
    await twilio.put("/lines/+15550100008", json=line)
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        assert "belongs to the messaging service" in (await ada.get(f"{path}/numbers")).text
        await twilio.patch("/standing", json={"leaves_to_numbers": True})
        listed = (await ada.get(f"{path}/numbers")).text
        assert "leaves texts to the webhooks of its numbers" in listed
        refused = await picked(ada, path, office.brand.support, service)
        assert "Connect its numbers" in refused
        await picked(ada, path, office.brand.support, "+15550100008", replaces=BEFORE)
        assert "webhooks/twilio" in await goes_to(twilio, "+15550100008")


async def test_nothing_is_set_while_a_provider_on_the_internet_cannot_reach_us(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        connector = (await connected(ada, twilio)).rpartition("/")[2]
        async with office.sessions.begin() as session:
            await session.execute(update(Connector).values(api_url=None))
        pick = {"address": FREE, "entry_skill": office.brand.support}
        refused = await api.post(f"/v1/connectors/{connector}/numbers", json=pick)
        assert refused.status_code == 409
        assert "cannot reach it" in refused.json()["detail"]
        assert await goes_to(twilio, FREE) == ""


async def test_another_fallback_is_told_but_breaks_no_line(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada:
        await picked(ada, await connected(ada, twilio), office.brand.support, FREE)
        line = await line_of(office, FREE)
        ours = await goes_to(twilio, FREE)
        await twilio.post(
            f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers/{phone_sid(FREE)}.json",
            data={"SmsFallbackUrl": "https://crm.example/late"},
            auth=(SID, TOKEN),
        )
        health = (await ada.get(f"/admin/lines/{line.id}/health")).text
        assert "If that fails, they go to https://crm.example/late" in health
        assert f"texts to {ours}" not in health
        assert "Texts do not pass" not in (await ada.get("/admin/lines")).text
        await sent(ada, f"/admin/lines/{line.id}/set-up")
        assert "Not so" not in (await ada.get(f"/admin/lines/{line.id}/health")).text


async def test_no_database_connection_is_held_while_the_provider_answers(
    office: Office, browsing: Browsing, theatre: Stage
) -> None:
    held: list[int] = []
    settings = SimulatorSettings(account_sid=SID, auth_token=TOKEN, numbers=[FREE])
    simulator = create_simulator(settings)

    @simulator.middleware("http")
    async def look(request: Request, call_next: RequestResponseEndpoint) -> Response:
        async with office.sessions() as session:
            held.append(await session.scalar(HELD) or 0)
        return await call_next(request)

    async with (
        theatre.playing(simulator),
        httpx2.AsyncClient(base_url=theatre.url) as twilio,
        browsing(office.ada) as ada,
    ):
        path = await connected(ada, twilio)
        held.clear()
        await ada.get(f"{path}/checks")
        await ada.get(f"{path}/numbers")
        await picked(ada, path, office.brand.support, FREE)
        line = await line_of(office, FREE)
        await ada.get(f"/admin/lines/{line.id}/health")
        await sent(ada, f"/admin/lines/{line.id}/set-up")
        assert (await sent(ada, f"/admin/lines/{line.id}/retire")).status_code == 200
    assert len(held) > 6
    assert set(held) == {0}


async def test_a_connector_is_retired_with_its_lines_once_nothing_is_open_on_them(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        await picked(ada, path, office.brand.support, FREE)
        await picked(ada, path, office.brand.support, "+15550100007", replaces=BEFORE)
        shown = (await ada.get(path)).text
        assert "2 lines belong to it." in shown
        assert "Retire the connector and its lines" in shown
        alone = await sent(ada, f"{path}/retire")
        assert "still has lines" in alone.text
        done = await sent(ada, f"{path}/retire", lines="yes")
        assert done.headers["HX-Redirect"] == "/admin/connectors"
        assert [await goes_to(twilio, one) for one in (FREE, "+15550100007")] == ["", BEFORE]
        assert "This connector is retired." in (await ada.get(path)).text
