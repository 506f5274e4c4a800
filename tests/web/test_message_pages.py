"""The page of automatic messages: what it shows, saves, refuses and previews."""

import re
from html import unescape
from typing import Any

import httpx2
import pytest
from sqlalchemy import insert

from database.tables import Consumer
from domain.automatic.catalogue import CATALOGUE
from domain.automatic.kinds import Automatic
from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing, removal

PATH = "/admin/messages"
Texts = list[dict[str, Any]]


def entry(page: str, event: str) -> str:
    """Return what the list says of an event."""
    found = re.search(rf'<a class="message-link" href="[^"]*event={event}".*?</a>', page, re.S)
    assert found, event
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def written(page: str) -> str:
    """Return what stands in the text's field."""
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert found
    return found[1]


def bubbles(page: str) -> list[str]:
    """Return what the phone shows of the brand."""
    return re.findall(r'<li class="bubble in".*?<p>(.*?)</p>', page, re.S)


async def test_the_page_says_who_reads_a_text_of_ours_in_the_place_of_the_accounts(
    office: Office, browsing: Browsing
) -> None:
    english = {"language": "en", "event": "agent_joined"}
    async with office.sessions.begin() as session:
        numbers = {"+15550109001": "de", "+15550109002": "de", "+15550109003": "nl"}
        for number, language in numbers.items():
            consumer = {"account_id": office.brand.account_id, "number": number}
            await session.execute(insert(Consumer).values(**consumer, language=language))
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        before = await ada.get(PATH, params=english)
        assert "Consumers" not in note(before.text)
        form = english | {"text": "{agent} is with you.", "enabled": "yes"}
        await ada.post(PATH, data=form, headers=PAGE)
        page = await ada.get(PATH, params=english)
        assert note(page.text) == (
            "You have set this text in English only. Consumers who write Deutsch get the product's "
            "own. Consumers who write Nederlands get yours in English."
        )
        assert entry(page.text, "agent_joined").endswith("English only")
        german = await ada.get(PATH, params=english | {"language": "de"})
        assert "Sie schreiben jetzt mit" in entry(german.text, "agent_joined"), "the product's"
        changed = await api.patch("/v1/account", json={"text_precedence": "scope"})
        assert changed.json()["text_precedence"] == "scope"
        german = await ada.get(PATH, params=english | {"language": "de"})
        assert "{agent} is with you." in entry(german.text, "agent_joined")
        assert "Consumers who write Deutsch, Nederlands get yours in English." in note(german.text)


def test_every_event_has_its_words_for_settings_and_for_transcripts() -> None:
    assert set(CATALOGUE) == set(Automatic)
    refused = CATALOGUE[Automatic.media_refused]
    assert "not a picture" in refused.title.lower()
    assert "neither a picture nor a text" in refused.when
    assert "not a picture" in refused.name


def note(page: str) -> str:
    """Return what is said about languages in which a text is missing."""
    found = re.search(r'<p class="missing" role="note">(.*?)</p>', page, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split()) if found else ""


async def texts(api: httpx2.AsyncClient) -> Texts:
    answer = await api.get("/v1/automatic-messages")
    found: Texts = answer.json()["set"]
    return found


async def test_a_german_welcome_is_set_for_a_line_and_taken_back(
    office: Office, browsing: Browsing
) -> None:
    line = office.brand.line_id
    here = {"of": f"line:{line}", "language": "de", "event": "welcome"}
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        before = await ada.get(PATH, params=here)
        assert "Product" in entry(before.text, "welcome")
        assert written(before.text).startswith("Vielen Dank")
        others = await texts(api)
        form = here | {"text": "Hallo bei {brand}!", "enabled": "yes"}
        saved = await ada.post(PATH, data=form, headers=PAGE)
        page = await ada.get(saved.headers["HX-Redirect"])
        assert 'role="status">Saved.' in page.text
        assert entry(page.text, "welcome") == (
            "Welcome back Set here Hallo bei {brand}! Deutsch only"
        )
        account = await ada.get(PATH, params={"language": "de"})
        assert "Product" in entry(account.text, "welcome")
        [row] = [row for row in await texts(api) if row not in others]
        assert (row["line_id"], row["language"], row["enabled"]) == (line, "de", True)
        await ada.post(f"{PATH}/{row['id']}/remove", data=here, headers=PAGE)
        assert await texts(api) == others


async def test_a_message_is_switched_off(office: Office, browsing: Browsing) -> None:
    here = {"of": f"skill:{office.brand.support}", "language": "en", "event": "agent_joined"}
    async with browsing(office.ada) as ada:
        shown = written((await ada.get(PATH, params=here)).text)
        await ada.post(PATH, data=here | {"text": shown}, headers=PAGE)
        page = (await ada.get(PATH, params=here)).text
        assert entry(page, "agent_joined") == "Agent is assigned Set here Off: nothing is sent"
        assert written(page) == shown
        assert "Nothing is sent." in page
        line = (await ada.get(PATH, params={"of": f"line:{office.brand.line_id}"})).text
        assert "Off: nothing is sent" in entry(line, "agent_joined"), "its entry skill's holds"


async def test_what_cannot_be_filled_or_sent_is_refused_at_the_form(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        before = await texts(api)
        for event, text, sentence in (
            ("welcome", "Hello {name}", "Unknown placeholder {name}."),
            ("welcome", "x" * 1601, "1601"),
            ("survey_question", "x" * 257, "The question has 257 characters; 256 are allowed."),
            ("welcome", "  ", ""),
        ):
            form = {"of": "", "language": "en", "event": event, "text": text, "enabled": "yes"}
            refused = await ada.post(PATH, data=form, headers=PAGE)
            assert refused.status_code == 422, text[:20]
            assert sentence in refused.text
        assert await texts(api) == before


async def test_a_text_is_previewed_on_the_phone_before_it_is_saved(
    office: Office, browsing: Browsing
) -> None:
    here = {"of": "", "language": "de", "event": "welcome", "enabled": "yes"}
    async with browsing(office.ada) as ada:
        tried = await ada.post(
            f"{PATH}/preview", data=here | {"text": "„{brand}“ grüßt"}, headers=PAGE
        )
        assert "<html" not in tried.text
        [bubble] = bubbles(tried.text)
        assert bubble.startswith("„")
        assert bubble.endswith("“ grüßt")
        assert "{brand}" not in bubble
        assert "double low-9 quotation mark" in tried.text
        assert "UCS-2" in tried.text
        long = await ada.post(
            f"{PATH}/preview", data=here | {"text": "{response_time}" * 106}, headers=PAGE
        )
        assert "All after the first 1600 is cut off" in long.text
        assert 'class="failure"' in long.text
        off = here | {"text": "Hallo"}
        del off["enabled"]
        silent = await ada.post(f"{PATH}/preview", data=off, headers=PAGE)
        assert bubbles(silent.text) == []
        assert "Nothing is sent." in silent.text


async def test_an_unknown_placeholder_is_named_while_it_is_typed(
    office: Office, browsing: Browsing
) -> None:
    form = {"of": "", "language": "en", "event": "welcome", "text": "{agnet}", "enabled": "yes"}
    async with browsing(office.ada) as ada:
        refused = await ada.post(f"{PATH}/preview", data=form, headers=PAGE)
    assert "Unknown placeholder {agnet}." in refused.text


async def test_without_scripts_the_whole_page_comes_with_what_was_written(
    office: Office, browsing: Browsing
) -> None:
    form = {"of": "", "language": "en", "event": "welcome", "text": "Not yet", "enabled": "yes"}
    async with browsing(office.ada) as ada:
        page = await ada.post(f"{PATH}/preview", data=form, headers={"X-Switchboard": "1"})
    assert "<html" in page.text
    assert written(page.text) == "Not yet"
    assert bubbles(page.text) == ["Not yet"]


async def test_a_timer_is_set_for_all_languages(office: Office, browsing: Browsing) -> None:
    here = {"of": "", "language": "de", "event": "waiting_in_queue"}
    async with browsing(office.ada) as ada:
        assert "After 15 min" in entry((await ada.get(PATH)).text, "waiting_in_queue")
        for delay, repeats, sentence in (
            ("soon", "1", "Write a time such as"),
            ("5 s", "1", "15"),
            ("5 min", "11", "10"),
        ):
            form = here | {"delay": delay, "repeats": repeats}
            refused = await ada.post(f"{PATH}/timer", data=form, headers=PAGE)
            assert (refused.status_code, sentence in refused.text) == (422, True), refused.text
        form = here | {"delay": "5 min", "repeats": "3"}
        await ada.post(f"{PATH}/timer", data=form, headers=PAGE)
        for language in ("de", "en"):
            page = (await ada.get(PATH, params={"language": language})).text
            assert entry(page, "waiting_in_queue").endswith("After 5 min, 3 times")
        own = (await ada.get(PATH, params=here)).text
        await ada.post(removal(own), data=here, headers=PAGE)
        assert "After 15 min" in entry((await ada.get(PATH)).text, "waiting_in_queue")


async def test_a_connector_has_a_prefix_and_texts_of_the_survey_only(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        [connector] = (await api.get("/v1/connectors")).json()["items"]
        here = {"of": f"connector:{connector['id']}", "language": "en"}
        form = here | {"prefix": "Automatic message:"}
        saved = await ada.post(f"{PATH}/prefix", data=form, headers=PAGE)
        page = (await ada.get(saved.headers["HX-Redirect"])).text
        assert bubbles(page)[0].startswith("Automatic message: ")
        assert "event=survey_question" in page
        assert "event=welcome" not in page
        skill = (await ada.get(PATH, params={"of": f"skill:{office.brand.support}"})).text
        assert "event=survey_question" not in skill
        too_long = form | {"prefix": "x" * 61}
        refused = await ada.post(f"{PATH}/prefix", data=too_long, headers=PAGE)
        assert (refused.status_code, "Prefix: " in refused.text) == (422, True)


async def test_languages_call_themselves_by_their_names(office: Office, browsing: Browsing) -> None:
    form = {"of": "", "language": "pl", "event": "welcome", "text": "Cześć", "enabled": "yes"}
    async with browsing(office.ada) as ada:
        await ada.post(PATH, data=form, headers=PAGE)
        page = (await ada.get(PATH)).text
    for name in ("English", "Deutsch", "Français", "Español", "Português", "Italiano", "Polski"):
        assert f">{name}</a>" in page


async def test_an_event_that_a_scope_has_no_text_for_is_neither_shown_nor_set(
    office: Office, browsing: Browsing
) -> None:
    here = {"of": f"skill:{office.brand.support}", "language": "en", "event": "survey_thanks"}
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        before = await texts(api)
        assert "First welcome" in (await ada.get(PATH, params=here)).text
        form = here | {"text": "Thanks", "enabled": "yes"}
        assert (await ada.post(PATH, data=form, headers=PAGE)).status_code == 404
        assert await texts(api) == before


@pytest.mark.parametrize(
    "query", ["of=line:nobody", "of=planet:mars", "event=birthday", "language=klingon"]
)
async def test_an_unknown_id_is_not_found(office: Office, browsing: Browsing, query: str) -> None:
    async with browsing(office.ada) as ada:
        assert (await ada.get(f"{PATH}?{query}")).status_code in (404, 422)
