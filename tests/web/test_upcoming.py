"""Deadlines, auto-close, scheduled texts and the language, as pages show them."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import insert, update

from database.tables import Account, Survey
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.conftest import PAGE, Browsing


async def with_ann(office: Office, centre: Centre) -> str:
    """Return the page of a conversation that Ann holds."""
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/workspace/{(await centre.conversation()).id}"


@pytest.fixture
async def address(office: Office, centre: Centre) -> str:
    return await with_ann(office, centre)


@pytest.fixture
async def ann(office: Office, browsing: Browsing) -> AsyncIterator[httpx2.AsyncClient]:
    async with browsing(office.brand.ann) as client:
        client.headers.update(PAGE)
        yield client


def words(html: str) -> str:
    """Return what a reader sees of a page, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("&#39;", "'")


def later(text: str = "See you then", **more: str) -> dict[str, str]:
    at = datetime.now(UTC) + timedelta(hours=2)
    return {"kind": "reply", "text": text, "later": "yes", "at": at.isoformat()} | more


async def test_deadlines_are_sentences_that_count_down(
    ann: httpx2.AsyncClient, address: str
) -> None:
    answered = (await ann.post(f"{address}/messages", data={"kind": "reply", "text": "Hi"})).text
    assert re.search(
        r"Closes on .+ at \d\d:\d\d because the consumer has been silent since \d\d:\d\d\.",
        words(answered),
    )
    assert re.search(r'Closes <time datetime="[^"]+" data-until>', answered)
    assert "hours read anew" not in words(answered).lower()


async def test_an_agent_is_told_what_their_own_silence_leads_to(
    browsing: Browsing, office: Office, ann: httpx2.AsyncClient, address: str
) -> None:
    told = r"Tells the consumer in (10|9) min that the answer takes longer because "
    assert re.search(told + "you have not answered since", words((await ann.get(address)).text))
    async with browsing(office.brand.mia) as mia:
        page = words((await mia.get(f"{address}?view=all")).text)
    assert re.search(told + "the agent has not answered since", page)


async def test_the_head_shows_the_next_deadline(ann: httpx2.AsyncClient, address: str) -> None:
    await ann.post(f"{address}/messages", data={"kind": "reply", "text": "Hi"})
    page = (await ann.post(f"{address}/messages", data=later())).text
    head = words(page.partition('hx-target="#composer-')[0])
    assert re.search(r"Your text will be sent in (1 h 59 min|2 h 0 min)", head)
    assert "Closes" not in head


async def test_a_held_conversation_stays_open_until_auto_close_is_resumed(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    await ann.post(f"{address}/messages", data={"kind": "reply", "text": "Hi"})
    held = words((await ann.post(f"{address}/auto-close", data={"held": "yes"})).text)
    assert (
        "Auto-close is on hold: the conversation stays open however long the consumer is silent."
        in held
    )
    assert "Resume auto-close" in held
    assert "Ann holds it open" in held
    assert "Closes on" not in held
    assert (await centre.conversation()).is_auto_close_held
    resumed = words((await ann.post(f"{address}/auto-close", data={"held": "no"})).text)
    assert "Closes on" in resumed
    assert "Ann resumed auto-close" in resumed


async def test_only_the_assigned_agent_and_managers_can_hold_auto_close(
    office: Office, browsing: Browsing, ann: httpx2.AsyncClient, address: str
) -> None:
    await ann.post(f"{address}/transfer", data={"to": f"skill:{office.brand.sales}"})
    assert ">Hold<" not in (await ann.get(address)).text
    refused = await ann.post(f"{address}/auto-close", data={"held": "yes"})
    assert refused.status_code == 403
    async with browsing(office.brand.mia) as mia:
        assert "Hold auto-close</button>" in (await mia.get(f"{address}?view=all")).text


async def test_a_scheduled_text_is_shown_above_the_composer_and_can_be_cancelled(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    form = later("See you <then>", unless_answered="yes")
    page = (await ann.post(f"{address}/messages", data=form)).text
    assert "See you &lt;then&gt;" in page
    assert "unless the consumer replies first" in words(page)
    assert "Ann scheduled a text:" in words(page)
    assert ("agent", "See you <then>") not in await centre.spoken()
    cancel = re.search(r'hx-post="([^"]+/cancel)"', page)
    assert cancel
    gone = (await ann.post(cancel[1])).text
    assert "See you" not in gone
    assert "Ann cancelled a scheduled text" in words(gone)


async def test_a_reply_from_the_consumer_cancels_a_text_scheduled_unless_they_reply(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    await ann.post(f"{address}/messages", data=later(unless_answered="yes"))
    await centre.text("I am here")

    async def is_cancelled() -> bool:
        page = words((await ann.get(address)).text)
        return "A scheduled text was cancelled: the consumer replied" in page

    await eventually(is_cancelled)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (later(at="2020-01-01T09:00:00Z"), "between one minute and 90 days from now"),
        (later(at="", local=""), "Choose a date and a time."),
        (later(at="tomorrow"), "Choose a date and a time."),
        (later("x" * 1601), "1601 characters; 1600 are allowed"),
        (later("😀" * 801), "1602 characters; 1600 are allowed"),
    ],
)
async def test_an_unfit_scheduled_text_is_refused_with_a_sentence(
    ann: httpx2.AsyncClient, address: str, form: dict[str, str], sentence: str
) -> None:
    answer = await ann.post(f"{address}/messages", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert re.fullmatch(r"<p>[^<]+</p>", answer.text.strip())


async def test_an_eleventh_scheduled_text_is_refused(ann: httpx2.AsyncClient, address: str) -> None:
    for _ in range(10):
        assert (await ann.post(f"{address}/messages", data=later())).status_code == 200
    refused = await ann.post(f"{address}/messages", data=later())
    assert refused.status_code == 409
    assert "10 texts are already scheduled" in refused.text


async def test_without_scripts_the_time_is_the_accounts(
    office: Office, ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(time_zone="Asia/Tokyo"))
    assert "<span data-zone>Asia/Tokyo</span>" in (await ann.get(address)).text
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    await ann.post(f"{address}/messages", data=later(at="", local=f"{day}T09:00"))
    kept = (await centre.conversation()).scheduled[0]
    assert datetime.fromisoformat(kept["at"]) == datetime(day.year, day.month, day.day, tzinfo=UTC)


async def test_a_private_note_is_never_scheduled(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    await ann.post(f"{address}/messages", data=later("Known customer", kind="note"))
    assert ("note", "Known customer") in await centre.spoken()


async def test_an_agent_sets_the_language_and_automatic_messages_follow(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    page = (await ann.get(address)).text
    assert '<option value="de" >Deutsch</option>' in page
    german = (await ann.post(f"{address}/language", data={"language": "de"})).text
    assert '<span lang="de">Deutsch</span>' in german
    assert "set by an agent" in german
    assert "Ann set the language: Deutsch" in words(german)
    await ann.post(f"{address}/close")
    assert "Bitte" in (await centre.transcript())[-1].text
    wrong = await ann.post(f"{address}/language", data={"language": "../x"})
    assert wrong.status_code in (409, 422)


async def design(office: Office, definition: dict[str, object]) -> None:
    """Set the account's survey."""
    async with office.sessions.begin() as session:
        row = insert(Survey).values(account_id=office.brand.account_id, definition=definition)
        await session.execute(row)


async def test_the_survey_is_marked_from_its_question_to_its_outcome(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    await ann.post(f"{address}/close")
    await centre.when("survey")
    await centre.text("4, but slow")
    await centre.when("closed")
    page = words((await ann.get(address)).text.partition('role="log"')[2])
    shown = (
        "Automatic: closed",
        "Survey: the question",
        "Survey: the consumer's answer 4, but slow",
        "Rated 4 of 5",
        "Survey: thanks",
        "Survey completed",
    )
    places = [page.index(each) for each in shown]
    assert places == sorted(places)


async def _words_of(centre: Centre, text: str) -> bool:
    return text in [message.text for message in await centre.transcript()]


async def test_thanks_after_the_survey_are_no_answer_to_it(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    await ann.post(f"{address}/close")
    await centre.when("survey")
    await centre.text("5")
    await centre.when("closed")
    await centre.text("Thank you!")
    await eventually(lambda: _words_of(centre, "Thank you!"))
    page = words((await ann.get(address)).text.partition('role="log"')[2])
    assert "Survey: the consumer's answer 5" in page
    assert "Consumer Thank you!" in page


async def test_ratings_read_as_their_scale_has_them(
    office: Office, ann: httpx2.AsyncClient, centre: Centre
) -> None:
    await design(office, {"scale": "zero_to_ten"})
    address = await with_ann(office, centre)
    await ann.post(f"{address}/close")
    await centre.when("survey")
    await centre.text("7")
    await centre.when("closed")
    page = words((await ann.get(address)).text)
    assert "Rated 7 of 10" in page
    assert "0 % of 1 answer" in page
    assert "★" not in page


async def test_an_own_scale_is_read_in_its_words(
    office: Office, ann: httpx2.AsyncClient, centre: Centre
) -> None:
    steps = [{"value": 0, "label": "Poor", "words": ["poor"]}]
    steps += [{"value": 1, "label": "Splendid", "words": ["splendid"]}]
    await design(office, {"scale": {"name": "mood", "steps": steps, "satisfied_from": 1}})
    address = await with_ann(office, centre)
    await ann.post(f"{address}/close")
    await centre.when("survey")
    await centre.text("splendid")
    await centre.when("closed")
    page = words((await ann.get(address)).text)
    assert "Rated Splendid" in page
    assert "100 % of 1 answer" in page


async def test_a_closing_without_a_survey_says_why(
    office: Office, ann: httpx2.AsyncClient, centre: Centre
) -> None:
    await design(office, {"minimum_texts": 2})
    address = await with_ann(office, centre)
    closed = words((await ann.post(f"{address}/close")).text)
    assert "Closed by Ann, without a survey: the consumer wrote too little" in closed
