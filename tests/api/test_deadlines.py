"""A conversation's deadlines, scheduled texts, language and survey, over the API."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from database.tables import Conversation
from domain.people.roles import Role
from tests.api.conftest import Office
from tests.fixtures.centre import Centre

TEXT = {
    "id": "t1",
    "agent_id": "a",
    "agent_name": "Ann",
    "text": "Later!",
    "at": "2026-03-01T12:00:00Z",
    "unless_answered": True,
    "command_key": "k",
}


@pytest.fixture
async def address(office: Office, centre: Centre) -> str:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


async def shown(
    office: Office, client: httpx2.AsyncClient, address: str, **columns: Any
) -> dict[str, Any]:
    async with office.sessions.begin() as session:
        await session.execute(update(Conversation).values(**columns))
    answer: dict[str, Any] = (await client.get(address)).json()
    return answer


async def test_deadlines_are_listed_with_the_next_one_first(
    office: Office, address: str, as_ann: httpx2.AsyncClient
) -> None:
    found = await shown(
        office,
        as_ann,
        address,
        deadlines={"auto_close": "2026-03-01T13:00:00Z", "agent_nudge": "2026-03-01T12:00:00Z"},
        counted_from={"agent_nudge": "2026-03-01T11:50:00Z"},
        scheduled=[TEXT],
        is_auto_close_held=True,
    )
    reminded, closed = found["deadlines"]
    assert (reminded["kind"], reminded["why"]) == ("agent_nudge", "the agent has not answered")
    assert (reminded["at"], reminded["since"]) == ("2026-03-01T12:00:00Z", "2026-03-01T11:50:00Z")
    assert (closed["kind"], closed["since"]) == ("auto_close", None)
    [text] = found["scheduled_texts"]
    assert (text["text"], text["unless_answered"]) == ("Later!", True)
    assert found["is_auto_close_held"]


async def test_a_rating_is_shown_with_its_scale_and_the_follow_up_answers(
    office: Office, address: str, as_ann: httpx2.AsyncClient
) -> None:
    found = await shown(
        office,
        as_ann,
        address,
        survey_outcome="completed",
        survey_agent_id=office.brand.ann.agent_id,
        survey_score=9,
        survey_scale="zero_to_ten",
        survey_satisfied=True,
        survey_is_late=True,
        survey_answers=[{"question": "resolved", "value": 1}],
    )
    survey = found["survey"]
    assert (survey["score"], survey["scale"], survey["is_satisfied"]) == (9, "zero_to_ten", True)
    assert survey["is_late"]
    assert survey["answers"] == [{"question": "resolved", "value": 1, "text": None}]


async def test_a_language_set_by_hand_says_by_whom_and_is_forgotten_again(
    office: Office, centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    path = f"/v1/consumers/{centre.thread.consumer_id}/language"
    answer = await as_ann.put(path, json={"language": "de"})
    assert (answer.json()["language"], answer.json()["language_source"]) == ("de", "agent")
    async with office.program(Role.manager) as program:
        by_program = (await program.put(path, json={"language": "pt-BR"})).json()
    assert (by_program["language"], by_program["language_source"]) == ("pt-BR", "api")
    assert (await as_ann.get(address)).json()["consumer"]["language"] == "pt-BR"
    forgotten = (await as_ann.put(path, json={"language": None})).json()
    assert (forgotten["language"], forgotten["language_source"]) == (None, None)
    for odd in ({"language": "German"}, {"language": "xx"}, {}):
        assert (await as_ann.put(path, json=odd)).status_code == 422


async def test_a_language_is_not_set_by_who_has_nothing_to_do_with_the_consumer(
    centre: Centre, address: str, as_ben: httpx2.AsyncClient
) -> None:
    path = f"/v1/consumers/{centre.thread.consumer_id}/language"
    assert (await as_ben.put(path, json={"language": "de"})).status_code == 404
