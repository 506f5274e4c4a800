import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import delete, update

from database.tables import Account, Idempotency, QueueEntry
from domain.people.roles import Role
from tests.api.conftest import Office
from tests.database.transcripts import new_conversation
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre, eventually, working


@pytest.fixture
async def assigned(centre: Centre) -> str:
    """A conversation that Ann holds; its address."""
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


async def ids(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/v1/conversations", params=params)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_agents_see_waiting_conversations_of_their_skills_and_their_own_old_ones(
    office: Office,
    centre: Centre,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    await centre.text("hello")
    waiting = str((await centre.when("waiting")).id)
    assert await ids(as_ann) == await ids(as_ben) == await ids(as_mia) == [waiting]
    assert await ids(as_ann, view="waiting") == [waiting]
    await centre.assign(office.brand.ann.agent_id, "Ann")
    assert await ids(as_ann, view="mine") == [waiting]
    assert await ids(as_ben) == []
    assert (await as_ben.get(f"/v1/conversations/{waiting}")).status_code == 404
    await as_ann.post(f"/v1/conversations/{waiting}/transfers", json={"skill": office.brand.sales})
    assert await ids(as_ann) == await ids(as_ben) == [waiting]  # was hers; waits in his skill
    assert await ids(as_ann, view="mine") == []
    await centre.assign(office.brand.ben.agent_id, "Ben")
    assert await ids(as_ben, view="mine") == await ids(as_ann) == await ids(as_mia) == [waiting]


async def test_a_conversation_that_waits_for_one_agent_is_visible_to_that_agent_only(
    office: Office, assigned: str, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    wanted = {"agent": office.brand.mia.agent_id}
    assert (await as_ann.post(f"{assigned}/transfers", json=wanted)).status_code == 200
    async with office.program(Role.admin, X_Agent=office.brand.ben.agent_id) as for_ben:
        assert await ids(for_ben) == []  # though it waits in a skill of his


async def test_lists_are_filtered(
    office: Office, assigned: str, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    one = assigned.rsplit("/", 1)[1]
    for matching, other in (
        ({"status": ["assigned", "survey"]}, {"status": "closed"}),
        ({"agent": office.brand.ann.agent_id}, {"agent": office.brand.ben.agent_id}),
        ({"skill": office.brand.support}, {"skill": office.brand.sales}),
        ({"line": office.brand.line_id}, {"line": "elsewhere"}),
        ({"number": "+15550123"}, {"number": "+15550124"}),
        ({"consumer": centre.thread.consumer_id}, {"consumer": str(uuid4())}),
    ):
        assert await ids(as_mia, **matching) == [one], matching
        assert await ids(as_mia, **other) == [], other
    assert (await as_mia.get("/v1/conversations", params={"number": "x" * 101})).status_code == 422


async def test_pages_stay_put_while_new_conversations_open(
    centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    for count in range(4):
        await _open(centre, f"+1555020{count}")
    first = (await as_mia.get("/v1/conversations", params={"limit": 2})).json()
    await _open(centre, "+15550209")
    rest = await as_mia.get("/v1/conversations", params={"limit": 2, "cursor": first["next"]})
    seen = [item["consumer"]["number"] for item in first["items"] + rest.json()["items"]]
    assert seen == ["+15550203", "+15550202", "+15550201", "+15550200"]
    assert rest.json()["next"] is None


async def _open(centre: Centre, number: str) -> None:
    other = centre.on(await new_thread(centre.sessions, centre.brand, number))
    await other.text("hello")
    await other.when("waiting")


async def test_a_caller_can_read_what_they_have_just_written(
    assigned: str, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    reply = await as_ann.post(f"{assigned}/replies", json={"text": "How can I help?"})
    note = await as_ann.post(f"{assigned}/notes", json={"text": "Sounds friendly"})
    assert (reply.status_code, note.status_code) == (201, 201)
    transcript = (await as_ann.get(f"{assigned}/transcript")).json()["items"]
    written = {message["id"]: message for message in transcript}
    assert written[reply.json()["message_id"]]["text"] == "How can I help?"
    assert written[note.json()["message_id"]]["author"] == "note"
    assert [message["position"] for message in transcript] == list(range(1, len(transcript) + 1))
    shown = (await as_ann.get(assigned)).json()
    assert (shown["pending_side"], shown["last_text"]) == ("consumer", "How can I help?")
    assert shown["consumer"] == {
        "id": centre.thread.consumer_id,
        "number": "+15550123",
        "number_shown": "+1 5550123",
        "kept_id": centre.thread.consumer_id,
        "name": None,
        "language": "en",
        "language_source": "recognised",
    }
    page = (await as_ann.get(f"{assigned}/transcript", params={"limit": 2})).json()
    rest = await as_ann.get(f"{assigned}/transcript", params={"cursor": page["next"]})
    assert (
        page["items"] + rest.json()["items"]
        == ((await as_ann.get(f"{assigned}/transcript")).json()["items"])
    )


async def test_transferring_returning_and_closing_are_told_in_its_events(
    office: Office, assigned: str, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    assert (await as_ann.post(f"{assigned}/return-to-queue", json={})).status_code == 200
    await centre.assign(office.brand.ann.agent_id, "Ann")
    move = {"skill": office.brand.sales, "note": "About an invoice"}
    assert (await as_ann.post(f"{assigned}/transfers", json=move)).status_code == 200
    await centre.assign(office.brand.ann.agent_id, "Ann")
    assert (await as_ann.post(f"{assigned}/close")).status_code == 200
    events = (await as_ann.get(f"{assigned}/events")).json()["items"]
    told = [event["kind"] for event in events if event["kind"].startswith("conversation_")]
    assert told == [
        "conversation_opened",
        "conversation_queued",
        "conversation_assigned",
        "conversation_returned",
        "conversation_queued",
        "conversation_assigned",
        "conversation_transferred",
        "conversation_queued",
        "conversation_assigned",
        "conversation_closed",
    ]
    assert "hello" not in str(events)
    assert "invoice" not in str(events)
    assert "+1555" not in str(events)
    again = await as_ann.post(f"{assigned}/close")
    assert (again.status_code, again.json()["code"]) == (409, "conversation_in_survey")


async def test_the_survey_is_shown_while_it_runs(
    centre: Centre, assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    assert (await as_ann.get(assigned)).json()["survey"] is None
    await as_ann.post(f"{assigned}/close", headers={"Idempotency-Key": "c"})
    await centre.when("survey")
    running = (await as_ann.get(assigned)).json()["survey"]
    assert (running["outcome"], running["score"]) == (None, None)
    assert running["asked_at"] is not None


async def test_a_text_too_long_is_refused_with_its_length(
    assigned: str, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    before = await centre.spoken()
    refused = await as_ann.post(f"{assigned}/replies", json={"text": "x" * 1601})
    assert (refused.status_code, refused.json()["code"]) == (422, "message_too_long")
    assert "1601 characters; 1600" in refused.json()["detail"]
    for path in ("replies", "notes"):
        wide = await as_ann.post(f"{assigned}/{path}", json={"text": "😀" * 801})
        assert (wide.status_code, wide.json()["code"]) == (422, "message_too_long")
        assert "1602 characters; 1600" in wide.json()["detail"]
    blank = await as_ann.post(f"{assigned}/replies", json={"text": " "})
    assert blank.json()["code"] == "message_empty"
    assert await centre.spoken() == before


async def test_managers_act_on_conversations_of_others_but_do_not_write_in_them(
    assigned: str, as_mia: httpx2.AsyncClient
) -> None:
    refused = await as_mia.post(f"{assigned}/replies", json={"text": "Me too"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_conversation")
    assert (await as_mia.post(f"{assigned}/notes", json={"text": "Well done"})).status_code == 201
    assert (await as_mia.post(f"{assigned}/close")).status_code == 200


async def test_a_program_writes_for_an_agent_it_names(office: Office, assigned: str) -> None:
    async with office.program(Role.manager) as program:
        alone = await program.post(f"{assigned}/replies", json={"text": "Hi"})
        assert (alone.status_code, alone.json()["code"]) == (403, "nobody_acts")
        acting = {"X-Agent": office.brand.ann.agent_id}
        for_ann = await program.post(f"{assigned}/replies", json={"text": "Hi"}, headers=acting)
        assert for_ann.status_code == 201
        transcript = (await program.get(f"{assigned}/transcript")).json()["items"]
    assert transcript[-1]["agent_id"] == office.brand.ann.agent_id


async def test_a_transfer_names_one_target_that_exists(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    both = {"skill": office.brand.sales, "agent": office.brand.ben.agent_id}
    for body, status in (({}, 422), (both, 422), ({"skill": "x"}, 404), ({"agent": "x"}, 404)):
        answer = await as_ann.post(f"{assigned}/transfers", json=body)
        assert answer.status_code == status, body


async def test_a_reply_sent_again_with_its_key_is_one_text(
    assigned: str, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "reply-1"}
    send = [
        as_ann.post(f"{assigned}/replies", json={"text": "Once"}, headers=key) for _ in range(5)
    ]
    answers = await asyncio.gather(*send)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["message_id"] for answer in answers}) == 1
    other = await as_ann.post(f"{assigned}/replies", json={"text": "Two"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert [text for _, text in await centre.spoken()].count("Once") == 1


async def test_a_refused_request_may_be_corrected_under_its_key(
    assigned: str, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "1"}
    refused = await as_mia.post(f"{assigned}/replies", json={"text": "Me"}, headers=key)
    assert refused.status_code == 403
    note = await as_mia.post(f"{assigned}/notes", json={"text": "Me"}, headers=key)
    assert note.status_code == 201


async def test_a_command_whose_answer_was_lost_is_answered_even_when_all_is_over(
    assigned: str, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    """What was answered is forgotten, as when the API died before it could write it down."""
    keyed = {"Idempotency-Key": "r"}, {"Idempotency-Key": "c"}
    reply = await as_ann.post(f"{assigned}/replies", json={"text": "Bye"}, headers=keyed[0])
    close = await as_ann.post(f"{assigned}/close", headers=keyed[1])
    await centre.when("survey")
    await centre.text("5")
    await centre.when("closed")
    await _forget_answers(centre)
    again = await as_ann.post(f"{assigned}/replies", json={"text": "Bye"}, headers=keyed[0])
    assert again.json() == reply.json()
    assert (await as_ann.post(f"{assigned}/close", headers=keyed[1])).json() == close.json()
    fresh = await as_ann.post(f"{assigned}/close", headers={"Idempotency-Key": "d"})
    assert (fresh.status_code, fresh.json()["code"]) == (409, "conversation_closed")


async def _forget_answers(centre: Centre) -> None:
    async with centre.sessions.begin() as session:
        await session.execute(delete(Idempotency))


async def test_without_a_worker_a_command_may_still_be_done_and_is_then_done_once(
    idle_centre: Centre, as_ann: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("temporal.conversations.COMMAND_TIMEOUT", timedelta(seconds=0.5))
    async with working(idle_centre):
        await idle_centre.text("hello")
        await idle_centre.assign(idle_centre.brand.ann.agent_id, "Ann")
    path = f"/v1/conversations/{(await idle_centre.conversation()).id}/replies"
    key = {"Idempotency-Key": "later"}

    async def asked(code: str) -> httpx2.Response | None:
        answer = await as_ann.post(path, json={"text": "Hi"}, headers=key)
        return answer if answer.json().get("code", "done") == code else None

    late = await eventually(lambda: asked("may_still_be_done"))
    assert late
    assert late.status_code == 503
    assert late.json()["key"] == late.headers["Idempotency-Key"] == "later"
    assert late.headers["Retry-After"] == "2"
    other = await as_ann.post(path, json={"text": "Something else"}, headers=key)
    assert other.status_code == 409
    monkeypatch.undo()
    async with working(idle_centre):
        assert (await eventually(lambda: asked("done"))) is not None
    assert [text for _, text in await idle_centre.spoken()].count("Hi") == 1


async def wait_in_queue(office: Office, number: str, priority: int, due_in: int) -> str:
    """Queue a consumer whose reply is due in some minutes and return the conversation."""
    conversation, now = await new_conversation(office.sessions, office.brand, number=number), utc()
    async with office.sessions.begin() as session:
        session.add(
            QueueEntry(
                conversation_id=conversation,
                ticket=1,
                account_id=office.brand.account_id,
                workflow_id=number,
                skill_id=office.brand.support,
                priority=priority,
                entered_at=now,
                due_at=now + timedelta(minutes=due_in),
            )
        )
    return str(conversation)


def utc() -> datetime:
    return datetime.now(UTC)


async def test_waiting_conversations_are_listed_in_the_order_of_service_page_by_page(
    office: Office, as_mia: httpx2.AsyncClient
) -> None:
    last = await wait_in_queue(office, "+15550000001", priority=0, due_in=60)
    first = await wait_in_queue(office, "+15550000002", priority=0, due_in=-5)
    third = await wait_in_queue(office, "+15550000003", priority=0, due_in=30)
    second = await wait_in_queue(office, "+15550000004", priority=10, due_in=39)
    served = [first, second, third, last]
    assert await ids(as_mia, view="waiting") == served
    found, cursor = list[str](), None
    while len(found) < len(served):
        page: dict[str, str | int] = {"view": "waiting", "limit": 3}
        page |= {"cursor": cursor} if cursor else {}
        answer = (await as_mia.get("/v1/conversations", params=page)).json()
        found, cursor = found + [item["id"] for item in answer["items"]], answer["next"]
    assert (found, cursor) == (served, None)
    assert await ids(as_mia, view="waiting", number="+15550000003") == [third]
    newest = (await as_mia.get("/v1/conversations", params={"limit": 1})).json()["next"]
    refused = await as_mia.get("/v1/conversations", params={"view": "waiting", "cursor": newest})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


async def test_a_conversation_transferred_after_a_reply_needs_a_reply_again(
    office: Office, assigned: str, as_ann: httpx2.AsyncClient
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(response_seconds=600))
    await as_ann.post(f"{assigned}/replies", json={"text": "One moment."})
    await as_ann.post(f"{assigned}/transfers", json={"skill": office.brand.sales})
    shown = (await as_ann.get(assigned)).json()
    assert (shown["pending_side"], shown["response_state"]) == ("agent", "ongoing")
    assert shown["waiting_since"] < shown["response_due_at"]
