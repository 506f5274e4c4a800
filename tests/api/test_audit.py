"""What the audit log says of those who read what was said, and what it does not."""

from collections.abc import Mapping

import httpx2
import pytest
from sqlalchemy import func, select, update

from database.tables import AuditEntry, Conversation
from reporting.following import Following
from settings import Settings
from tests.api.conftest import Office
from tests.api.crowd import add_conversation
from tests.api.test_media import STORED, received
from tests.fixtures.centre import Centre
from workflows.conversation.commands import Close

Reads = list[tuple[str, str, str]]


async def reads(office: Office) -> Reads:
    """Return who read what of which conversation, in the order of reading."""
    query = select(AuditEntry).where(AuditEntry.action == "read").order_by(AuditEntry.id)
    async with office.sessions() as session:
        rows = list(await session.scalars(query))
    assert [(one.before, one.after, one.name) for one in rows] == [({}, {}, None)] * len(rows)
    return [(one.actor or "", one.subject, one.subject_id) for one in rows]


@pytest.fixture
async def zebrafinches(office: Office) -> Mapping[str, str]:
    """Conversations with one word: Ann's, Mia's own, and one without it."""
    said = {"ann": "Where is my zebrafinch?", "mia": "No zebrafinch here", "other": "A quokka"}
    found = {}
    for number, (name, text) in enumerate(said.items()):
        by = office.brand.mia if name == "mia" else office.brand.ann
        new = await add_conversation(office, f"+1555010030{number}", text, agent_id=by.agent_id)
        found[name] = new
    return found


@pytest.mark.parametrize("path", ["/v1/history", "/v1/search"])
async def test_whose_words_a_search_has_shown_is_in_it_once_in_an_hour_without_the_words(
    path: str,
    office: Office,
    zebrafinches: Mapping[str, str],
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    for _ in range(2):
        for client in (as_ann, as_mia, as_ada):
            answer = await client.get(path, params={"q": "zebrafinch"})
            assert "zebrafinch" in answer.text
    mia, ada = office.brand.mia.agent_id, office.ada.agent_id
    ann_s, mia_s = zebrafinches["ann"], zebrafinches["mia"]
    assert (await reads(office))[0] == (mia, "excerpts", ann_s), "what one has oneself is not"
    assert sorted((await reads(office))[1:]) == sorted(
        [(ada, "excerpts", ann_s), (ada, "excerpts", mia_s)]
    )
    log = (await as_ada.get("/v1/audit", params={"action": "read"})).json()["items"]
    assert len(log) == 3
    assert "zebrafinch" not in str(log)
    assert {one["door"] for one in log} == {"api"}
    assert all(one["request_id"] and one["address"] for one in log)


async def test_lists_without_words_are_not_in_it_and_a_transcript_covers_what_a_search_shows(
    office: Office, zebrafinches: Mapping[str, str], as_ada: httpx2.AsyncClient
) -> None:
    for path in ("/v1/history", "/v1/conversations", "/v1/consumers"):
        assert (await as_ada.get(path)).status_code == 200
    assert await reads(office) == []
    ada, conversation = office.ada.agent_id, zebrafinches["ann"]
    opened = f"/v1/conversations/{conversation}/transcript"
    await as_ada.get("/v1/history", params={"q": "zebrafinch where"})
    await as_ada.get(opened)
    await as_ada.get("/v1/history", params={"q": "zebrafinch where"})
    assert await reads(office) == [
        (ada, "excerpts", conversation),
        (ada, "conversation", conversation),
    ]


async def test_comments_of_ratings_are_in_it_and_ratings_without_one_are_not(
    office: Office, settings: Settings, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    await centre.give(Close(key="c1", actor=office.brand.ann))
    await centre.when("survey")
    await centre.text("5")
    rated = str((await centre.when("closed")).id)
    url = str(settings.database.database_url)
    await Following(office.sessions, url).read([office.brand.account_id])
    asked = {"first": "2020-01-01", "last": "2100-01-01"}

    async def comments() -> list[str | None]:
        answer = await as_mia.get("/v1/reports/ratings", params=asked)
        return [one["comment"] for one in answer.json()["items"]]

    assert await comments() == [None]
    assert await reads(office) == []
    async with office.sessions.begin() as session:
        await session.execute(update(Conversation).values(survey_comment="very kind"))
    assert await comments() == ["very kind"]
    assert await reads(office) == [(office.brand.mia.agent_id, "comments", rated)]


async def test_a_file_that_is_opened_by_its_address_is_in_it(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    file_id = await received(centre, **STORED)
    conversation = str((await centre.conversation()).id)
    for client in (as_ann, as_mia):
        for path in (f"/v1/media/{file_id}", f"/v1/media/{file_id}/thumbnail"):
            assert (await client.get(path)).status_code == 200
    assert await reads(office) == [(office.brand.mia.agent_id, "files", conversation)]
    assert (await as_mia.get(f"/v1/conversations/{conversation}/events")).status_code == 200
    async with office.sessions() as session:
        count = select(func.count()).where(AuditEntry.action == "read")
        assert await session.scalar(count) == 1, "events hold no texts"
