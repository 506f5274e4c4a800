"""Calls answered together with texts, and accounts of every kind beside each other."""

import httpx2

from providers.twilio.simulator.phone_numbers import phone_sid
from tests.api.conftest import Office
from tests.web.conftest import Browsing
from tests.web.test_connecting import (
    FREE,
    SID,
    TOKEN,
    connected,
    goes_to,
    line_of,
    sent,
    theatre,
    twilio,
)

__all__ = ["theatre", "twilio"]


async def test_calls_are_answered_together_with_texts_and_given_back_with_them(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    calls_before = "https://crm.example/calls"
    at = f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers"
    there = {"VoiceUrl": calls_before, "StatusCallback": "https://crm.example/news"}
    await twilio.post(f"{at}/{phone_sid(FREE)}.json", data=there, auth=(SID, TOKEN))
    await twilio.put("/lines/+15550100031", json={"takes_texts": False})
    await twilio.put("/lines/+15550100032", json={"call_app": "AP" + "1" * 32})
    await twilio.put("/lines/+15550100033", json={"text_app": "AP" + "1" * 32})

    async def voice(number: str) -> str:
        found = await twilio.get(f"{at}.json", params={"PhoneNumber": number}, auth=(SID, TOKEN))
        return str(found.json()["incoming_phone_numbers"][0]["voice_url"])

    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        path = await connected(ada, twilio)
        listed = (await ada.get(f"{path}/numbers")).text
        for words in (
            "takes no texts, only calls",
            "A TwiML app takes its texts",
            "To a TwiML app: they stay there",
            calls_before,
            "Answer calls with a text, too",
        ):
            assert words in listed
        form: dict[str, str | list[str]] = {"numbers": [FREE, "+15550100032"], "calls": "yes"}
        for number, shown in ((FREE, calls_before), ("+15550100032", "")):
            form |= {f"skill {number}": office.brand.support, f"calls {number}": shown}
        told = (await ada.post(f"{path}/numbers", data=form, headers={"X-Switchboard": "1"})).text
        assert "Its calls are not answered." in told
        assert "go to a TwiML app at the provider" in told
        line, past = [await line_of(office, one) for one in (FREE, "+15550100032")]
        assert await voice(FREE) == f"http://api.test/webhooks/twilio/{line.id}/voice"
        assert await voice("+15550100032") == ""
        page = f"/admin/lines/{line.id}"
        assert "calls to Switchboard" in (health := (await ada.get(f"{page}/health")).text)
        assert "Not so" not in health
        other = (await ada.get(f"/admin/lines/{past.id}/health")).text
        assert "goes before any address. They stay there." in other

        # Somebody changes it there: found, shown, and mended after showing what is replaced.
        moved = {"VoiceUrl": "https://other.example/"}
        await twilio.post(f"{at}/{phone_sid(FREE)}.json", data=moved, auth=(SID, TOKEN))
        found = (await ada.get(f"{page}/health")).text
        assert "calls of this number to https://other.example/" in found
        assert "Texts do not pass" not in (await ada.get("/admin/lines")).text
        refused = await sent(ada, f"{page}/answer-calls", replaces=calls_before)
        assert refused.status_code == 409
        answered = await api.post(f"/v1/lines/{line.id}/answer-calls", json={})
        assert answered.json()["is_set_up"]
        assert [one["name"] for one in (await api.get("/v1/menus")).json()["items"]] == [line.name]

        # A menu of the number alone goes along with the line.
        assert (await sent(ada, f"{page}/retire")).headers["HX-Redirect"] == "/admin/lines"
        assert await voice(FREE) == "https://other.example/"
        assert await goes_to(twilio, FREE) == ""
        assert (await api.get("/v1/menus")).json()["items"] == []


async def test_accounts_of_every_kind_stand_beside_each_other(
    office: Office, browsing: Browsing, twilio: httpx2.AsyncClient
) -> None:
    trial = "AC" + "8" * 32
    kinds = {
        "AC" + "6" * 32: ({"status": "suspended"}, "has suspended this account"),
        "AC" + "7" * 32: ({"status": "closed"}, "is closed at Twilio"),
        trial: ({"type": "Trial"}, "texts only numbers that are verified"),
    }
    for sid, (standing, _) in kinds.items():
        opened = await twilio.put(f"/accounts/{sid}", json=standing | {"auth_token": sid[-4:]})
        assert opened.status_code == 204
    await twilio.put("/lines/+15550100041", json={"account": trial})
    at = {"provider": "twilio", "api_url": str(twilio.base_url)}
    async with browsing(office.ada) as ada:
        for sid, (standing, sentence) in kinds.items():
            form = {"secret-account_sid": sid, "secret-auth_token": sid[-4:]}
            done = await sent(ada, "/admin/connectors", **at, **form)
            told = done.text
            if "type" in standing:
                made = done.headers["HX-Redirect"]
                told = (await ada.get(f"{made}/checks")).text
                listed = (await ada.get(f"{made}/numbers")).text
                assert ("+15550100041" in listed, FREE in listed) == (True, False)
            assert sentence in told
        wrong = {"secret-account_sid": trial, "secret-auth_token": "guess"}
        done = await sent(ada, "/admin/connectors", **at, **wrong)
        assert "refused the account SID" in done.text
        path = await connected(ada, twilio)
        found = (await ada.get(f"{path}/numbers", params={"number": "+1 (555) 010-0003"})).text
        assert (FREE in found, "+15550100007" in found) == (True, False)
        nothing = (await ada.get(f"{path}/numbers", params={"number": "+15550109999"})).text
        assert "The account has no number +15550109999." in nothing
