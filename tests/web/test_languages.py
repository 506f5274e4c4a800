"""The pages in the reader's language and time zone."""

import re
from datetime import UTC, datetime

import httpx2

from api.reading import LANGUAGE, ZONE
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.fixtures.plain_http import PLAIN
from tests.web.at_the_workspace import held, opened
from tests.web.conftest import PAGE, Browsing
from translations.catalogue import refusal
from web.datetimes import clock_at

GERMAN = {"Accept-Language": "fr, de-AT;q=0.9, en;q=0.5"}


async def test_pages_are_in_the_browsers_language_until_one_is_chosen(
    office: Office, browsing: Browsing
) -> None:
    async with httpx2.AsyncClient(base_url=office.url, headers=GERMAN, verify=PLAIN) as stranger:
        page = (await stranger.get("/log-in")).text
        assert '<html lang="de">' in page
        assert "Anmelden" in page
        here = {"Referer": f"{office.url}/log-in?next=/board", "Sec-Fetch-Site": "same-origin"}
        chosen = await stranger.post("/language", data={"language": "en"}, headers=here)
        assert chosen.headers["Location"] == "/log-in?next=/board"
        assert "Log in" in (await stranger.get("/log-in")).text
        unknown = await stranger.post("/language", data={"language": "xx"}, headers=here)
        assert unknown.status_code == 422
    async with browsing(office.ada) as ada:
        await ada.post("/language", data={"language": "de"}, headers=PAGE)
        ada.cookies.delete(LANGUAGE)
        assert '<html lang="de">' in (await ada.get("/admin/skills")).text
    async with browsing(office.ada) as elsewhere:  # another browser of hers
        assert '<html lang="de">' in (await elsewhere.get("/admin/skills")).text


async def test_refusals_are_in_the_readers_language_on_pages_and_in_english_for_programs(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        await ada.post("/language", data={"language": "de"}, headers=PAGE)
        refused = await ada.post(
            "/password", data={"current": "a", "new": "b", "again": "c"}, headers=PAGE
        )
        assert "Die neuen Passwörter stimmen nicht überein." in refused.text
        island = await ada.get("/v1/agents/nobody-here", headers={"X-Switchboard": "1"})
        assert island.json()["detail"] == "Hier wurde nichts gefunden."
        program = await ada.get("/v1/agents/nobody-here")
        assert program.json()["detail"] == "Nothing was found here."


async def test_why_one_cannot_reply_is_in_the_readers_language(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre)
    async with browsing(office.ada) as ada:
        await ada.post("/language", data={"language": "de"}, headers=PAGE)
        rights = (await opened(ada, id_)).rights
    assert rights.refusal == "Ein anderer Agent hat diese Unterhaltung."


async def test_times_are_in_the_zone_of_the_readers_browser(
    office: Office, browsing: Browsing
) -> None:
    page, now = f"/admin/agents/{office.brand.ann.agent_id}", datetime.now(UTC)
    async with browsing(office.ada) as ada:
        state = {"state": "away"}
        path = page.replace("/admin", "/v1") + "/state"
        assert (await ada.put(path, json=state, headers=PAGE)).is_success
        for zone in ("Etc/GMT-14", "Etc/GMT+12"):
            ada.cookies.set(ZONE, zone)
            times = re.findall(r'<time datetime="([^"]+)">([^<]+)<', (await ada.get(page)).text)
            assert times
            assert all(
                clock_at(datetime.fromisoformat(at), now, zone) == shown for at, shown in times
            )
        ada.cookies.set(ZONE, "../../etc/passwd")
        assert (await ada.get(page)).status_code == 200


async def test_scripts_get_the_catalogue_of_their_page(office: Office, browsing: Browsing) -> None:
    async with browsing(office.ada) as ada:
        words = await ada.get("/static/words/de.js")
        assert words.headers["Content-Type"].startswith("text/javascript")
        assert "export const form = (n) => Number((n != 1));" in words.text
        again = {"If-None-Match": words.headers["ETag"]}
        assert (await ada.get("/static/words/de.js", headers=again)).status_code == 304
        assert (await ada.get("/static/words/xx.js")).status_code == 404


def test_a_refusal_is_recognised_with_the_names_and_numbers_in_it() -> None:
    assert refusal("de", "The id acme-x is taken.") == "Die ID acme-x ist vergeben."
    too_late = "This text could not be sent in time. Send it again if it still matters."
    assert refusal("de", too_late) == (
        "Diese SMS konnte nicht rechtzeitig gesendet werden. Senden Sie sie noch einmal, wenn sie "
        "noch wichtig ist."
    )
    assert refusal("de", "Nobody knows this sentence.") == "Nobody knows this sentence."
    assert refusal("en", too_late) == too_late
