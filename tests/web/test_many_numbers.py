"""Accounts with thousands of numbers: listed in parts, searched, and connected from any part."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx2
import pytest

from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from tests.api.conftest import Office
from tests.simulator.serving import Stage
from tests.web.conftest import Browsing
from tests.web.test_connecting import FREE, SID, TOKEN, connected, goes_to, line_of, sent, theatre

__all__ = ["theatre"]

MANY = [f"+1555020{n:04}" for n in range(1203)]
FIELD = re.compile(r'<(?:input|select)\b[^>]*?\bname="([^"]+)"[^>]*?(?:\bvalue="([^"]*)")?[^>]*>')


@pytest.fixture
async def twilio(theatre: Stage) -> AsyncIterator[httpx2.AsyncClient]:
    """Twilio's side, with more numbers than one form can hold."""
    settings = SimulatorSettings(account_sid=SID, auth_token=TOKEN, numbers=[FREE, *MANY])
    async with (
        theatre.playing(create_simulator(settings)),
        httpx2.AsyncClient(base_url=theatre.url) as client,
    ):
        yield client


def fields(page: str, skill: str) -> dict[str, str | list[str]]:
    """Return what a browser sends with the form: every field of the page but unticked boxes."""
    found: dict[str, str | list[str]] = {
        unescape(name): unescape(value)
        for name, value in FIELD.findall(page)
        if name not in ("numbers", "number", "calls")
    }
    return found | {name: skill for name in found if name.startswith("skill ")}


async def test_a_number_of_thousands_is_connected_from_any_part_of_the_list(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    skill = office.brand.support
    async with browsing(office.ada) as ada:
        path = await connected(ada, twilio)
        first = (await ada.get(f"{path}/numbers")).text
        assert (MANY[5] in first, MANY[1200] in first) == (True, False)
        assert len(first) < 200_000
        last = (await ada.get(f"{path}/numbers", params={"page": 25})).text
        assert MANY[1200] in last
        form = fields(last, skill) | {"numbers": [MANY[1200]]}
        done = await ada.post(f"{path}/numbers", data=form, headers={"X-Switchboard": "1"})
        assert done.status_code == 200, done.text
        line = await line_of(office, MANY[1200])
        assert await goes_to(twilio, line.address) == (
            f"http://api.test/webhooks/twilio/{line.id}/inbound"
        )
        for beyond in ("26", "999999"):
            page = await ada.get(f"{path}/numbers", params={"page": beyond})
            assert (page.status_code, MANY[1200] in page.text) == (200, True)
        assert (await ada.get(f"{path}/numbers", params={"page": "0"})).status_code == 422


async def test_numbers_are_found_by_any_part_of_theirs_or_of_their_name(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        path = await connected(ada, twilio)
        for looked_for in ("555 020 1200", "+15550201200", "0201200"):
            found = (await ada.get(f"{path}/numbers", params={"number": looked_for})).text
            assert (MANY[1200] in found, MANY[1199] in found) == (True, False), looked_for
        several = (await ada.get(f"{path}/numbers", params={"number": "55502010"})).text
        assert (MANY[1000] in several, MANY[1049] in several, MANY[999] in several) == (
            True,
            True,
            False,
        )
        nothing = (await ada.get(f"{path}/numbers", params={"number": "()"})).text
        assert "The account has no number ()." in nothing
        asked = await api.get(f"/v1{path.removeprefix('/admin')}/numbers?number=0201200")
        assert [one["address"] for one in asked.json()] == [MANY[1200]]


async def test_what_was_ours_before_is_never_given_back_to(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    """As after a restore to before a line was made: the number posts to a line that is not there,
    or is here under its old id without what was there before.
    """
    for left in ("gone", "{account}-line"):
        async with browsing(office.ada) as ada, office.person(office.ada) as api:
            path = await connected(ada, twilio)
            line_id = left.format(account=office.brand.account_id)
            old = f"http://api.test/webhooks/twilio/{line_id}/inbound"
            at = f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers"
            listed = await twilio.get(f"{at}.json", params={"PhoneNumber": FREE}, auth=(SID, TOKEN))
            [number] = listed.json()["incoming_phone_numbers"]
            calls = old.replace("inbound", "voice")
            form = {"SmsUrl": old, "SmsFallbackUrl": old, "VoiceUrl": calls}
            await twilio.post(f"{at}/{number['sid']}.json", data=form, auth=(SID, TOKEN))
            pick = {"address": FREE, "entry_skill": office.brand.support, "name": "Line"}
            made = await api.post(f"/v1{path.removeprefix('/admin')}/numbers", json=pick)
            assert made.status_code == 200, made.text
            answered = await api.post(
                f"/v1/lines/{made.json()['line_id']}/answer-calls", json={"replaces": calls}
            )
            assert answered.json()["is_set_up"], answered.text
            await sent(ada, f"/admin/lines/{made.json()['line_id']}/retire")
            assert await goes_to(twilio, FREE) == ""
            listed = await twilio.get(f"{at}.json", params={"PhoneNumber": FREE}, auth=(SID, TOKEN))
            assert listed.json()["incoming_phone_numbers"][0]["voice_url"] in ("", None)
