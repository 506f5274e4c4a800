"""Deadlines, auto-close, scheduled texts, the language and ratings, as the workspace shows them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import insert

from database.tables import Survey
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.at_the_workspace import boot, give, held, opened, told
from tests.web.conftest import Browsing


@pytest.fixture
async def conversation(centre: Centre) -> UUID:
    """A conversation that Ann holds."""
    return await held(centre)


@pytest.fixture
async def ann(office: Office, browsing: Browsing) -> AsyncIterator[httpx2.AsyncClient]:
    async with browsing(office.brand.ann) as client:
        yield client


def later(text: str = "See you then", **more: Any) -> dict[str, Any]:
    at = datetime.now(UTC) + timedelta(hours=2)
    return {"text": text, "at": at.isoformat()} | more


async def ahead(client: httpx2.AsyncClient, id_: UUID) -> list[str]:
    """Return what happens next, sentence by sentence."""
    return [due.sentence for due in (await opened(client, id_)).upcoming]


async def test_deadlines_are_sentences_with_gaps_for_their_times(
    browsing: Browsing, office: Office, ann: httpx2.AsyncClient, conversation: UUID
) -> None:
    told_so = "Tells the consumer {when} that the answer takes longer because "
    assert await ahead(ann, conversation) == [told_so + "you have not answered since {since}."]
    async with browsing(office.brand.mia) as mia:
        [other] = await ahead(mia, conversation)
    assert other == told_so + "the agent has not answered since {since}."
    await give(ann, conversation, "replies", text="Hi")
    [due] = (await opened(ann, conversation)).upcoming[-1:]
    assert due.sentence == "Closes {when} because the consumer has been silent since {since}."
    assert due.since
    assert due.since < due.at
    await give(ann, conversation, "scheduled-texts", **later())
    assert (await ahead(ann, conversation))[0] == "Your text will be sent {when}."


async def test_a_held_conversation_stays_open_until_auto_close_is_resumed(
    office: Office,
    browsing: Browsing,
    ann: httpx2.AsyncClient,
    conversation: UUID,
    centre: Centre,
) -> None:
    await give(ann, conversation, "replies", text="Hi")
    await give(ann, conversation, "auto-close", "PUT", held=True)
    shown = await opened(ann, conversation)
    assert shown.row.is_auto_close_held
    assert not any(due.sentence.startswith("Closes") for due in shown.upcoming)
    assert "Ann holds it open" in " ".join(await told(ann, conversation))
    await give(ann, conversation, "auto-close", "PUT", held=False)
    assert any(one.startswith("Closes") for one in await ahead(ann, conversation))
    assert "Ann resumed auto-close" in " ".join(await told(ann, conversation))
    await give(ann, conversation, "transfers", skill=office.brand.sales)
    assert not (await opened(ann, conversation)).rights.may_handle
    assert (await give(ann, conversation, "auto-close", "PUT", held=True)).status_code == 403
    async with browsing(office.brand.mia) as mia:
        assert (await opened(mia, conversation)).rights.may_handle


async def test_a_scheduled_text_is_shown_and_can_be_cancelled(
    office: Office,
    browsing: Browsing,
    ann: httpx2.AsyncClient,
    conversation: UUID,
    centre: Centre,
) -> None:
    await give(ann, conversation, "scheduled-texts", **later("See <you>", unless_answered=True))
    [text] = (await opened(ann, conversation)).scheduled
    assert (text.text, text.unless_answered, text.is_own) == ("See <you>", True, True)
    assert text.may_cancel
    assert any(one.startswith("Ann scheduled a text") for one in await told(ann, conversation))
    async with browsing(office.brand.mia) as mia:
        [others] = (await opened(mia, conversation)).scheduled
        assert (others.is_own, others.agent_name) == (False, "Ann")
        assert (await ahead(mia, conversation))[-1] == "Ann's text will be sent {when}."
    assert ("agent", "See <you>") not in await centre.spoken()
    await give(ann, conversation, f"scheduled-texts/{text.id}", "DELETE")
    assert (await opened(ann, conversation)).scheduled == []
    assert "Ann cancelled a scheduled text" in await told(ann, conversation)


async def test_a_reply_from_the_consumer_cancels_a_text_scheduled_unless_they_reply(
    ann: httpx2.AsyncClient, conversation: UUID, centre: Centre
) -> None:
    await give(ann, conversation, "scheduled-texts", **later(unless_answered=True))
    await centre.text("I am here")

    async def is_cancelled() -> bool:
        cancelled = "A scheduled text was cancelled: the consumer replied"
        return cancelled in await told(ann, conversation)

    await eventually(is_cancelled)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (later(at="2020-01-01T09:00:00Z"), "between one minute and 90 days from now"),
        (later("x" * 1601), "1601 characters; 1600 are allowed"),
        (later("😀" * 801), "1602 characters; 1600 are allowed"),
    ],
)
async def test_an_unfit_scheduled_text_is_refused_with_a_sentence(
    ann: httpx2.AsyncClient, conversation: UUID, wanted: dict[str, Any], sentence: str
) -> None:
    answer = await give(ann, conversation, "scheduled-texts", **wanted)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


async def test_an_agent_sets_the_language_and_automatic_messages_follow(
    ann: httpx2.AsyncClient, conversation: UUID, centre: Centre
) -> None:
    choices = (await opened(ann, conversation)).language.choices
    assert ("de", "Deutsch") in [(one.code, one.name) for one in choices]
    await give(ann, conversation, "language", "PUT", language="de")
    chosen = (await opened(ann, conversation)).language
    assert (chosen.code, chosen.name, chosen.source) == ("de", "Deutsch", "set by an agent")
    assert "Ann set the language: Deutsch" in await told(ann, conversation)
    await give(ann, conversation, "close")
    assert "Bitte" in (await centre.transcript())[-1].text
    wrong = await give(ann, conversation, "language", "PUT", language="../x")
    assert wrong.status_code in (409, 422)


async def design(office: Office, definition: dict[str, object]) -> None:
    """Set the account's survey."""
    async with office.sessions.begin() as session:
        row = insert(Survey).values(account_id=office.brand.account_id, definition=definition)
        await session.execute(row)


async def rate(ann: httpx2.AsyncClient, centre: Centre, answer: str) -> UUID:
    """Have a conversation closed and rated."""
    id_ = await held(centre)
    await give(ann, id_, "close")
    await centre.when("survey")
    await centre.text(answer)
    await centre.when("closed")
    return id_


async def test_the_survey_is_marked_from_its_question_to_its_outcome(
    ann: httpx2.AsyncClient, centre: Centre
) -> None:
    id_ = await rate(ann, centre, "4, but slow")
    shown = [one.partition("\n")[0] for one in await told(ann, id_)]
    wanted = (
        "closed: ",
        "Survey: the question: ",
        "Survey: 4, but slow",
        "Rated 4 of 5",
        "Survey: thanks: ",
        "Survey completed",
    )
    places = [next(at for at, one in enumerate(shown) if one.startswith(each)) for each in wanted]
    assert places == sorted(places)
    await centre.text("Thank you!")

    async def is_there() -> bool:
        return "Thank you!" in await told(ann, id_)

    await eventually(is_there)  # no answer to the survey


async def test_ratings_read_as_their_scale_has_them(
    office: Office, ann: httpx2.AsyncClient, centre: Centre
) -> None:
    await design(office, {"scale": "zero_to_ten"})
    rating = (await opened(ann, await rate(ann, centre, "7"))).row.rating
    assert rating
    assert (rating.words, rating.stars) == ("Rated 7 of 10", None)
    own = (await boot(ann)).own.ratings
    assert (own.percent, own.answers) == (0, 1)


async def test_an_own_scale_is_read_in_its_words(
    office: Office, ann: httpx2.AsyncClient, centre: Centre
) -> None:
    steps = [{"value": 0, "label": "Poor", "words": ["poor"]}]
    steps += [{"value": 1, "label": "Splendid", "words": ["splendid"]}]
    await design(office, {"scale": {"name": "mood", "steps": steps, "satisfied_from": 1}})
    rating = (await opened(ann, await rate(ann, centre, "splendid"))).row.rating
    assert rating
    assert (rating.words, rating.is_satisfied) == ("Rated Splendid", True)


async def test_a_closing_without_a_survey_says_why(
    office: Office, ann: httpx2.AsyncClient, centre: Centre
) -> None:
    await design(office, {"minimum_texts": 2})
    id_ = await held(centre)
    await give(ann, id_, "close")
    closed = "Closed by Ann, without a survey: the consumer wrote too little"
    assert closed in await told(ann, id_)
