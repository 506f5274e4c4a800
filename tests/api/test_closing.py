"""Closing with a reason and without asking for a rating, and what happens after the end."""

import httpx2
import pytest
from sqlalchemy import select, update

from database.tables import ConsentEvent, Skill
from domain.consent.keyword import Keyword
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually


@pytest.fixture
async def address(office: Office, centre: Centre) -> str:
    """A conversation that Ann holds."""
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


async def reason(as_ada: httpx2.AsyncClient, name: str, *skills: str) -> str:
    made = await as_ada.post("/v1/closing-reasons", json={"name": name, "skills": list(skills)})
    assert made.status_code == 201, made.text
    reason_id: str = made.json()["id"]
    return reason_id


async def ask(office: Office, **settings: bool) -> None:
    async with office.sessions.begin() as session:
        await session.execute(
            update(Skill).where(Skill.id == office.brand.support).values(**settings)
        )


async def test_a_skill_that_needs_a_reason_is_closed_with_one_of_its_own(
    office: Office,
    centre: Centre,
    address: str,
    as_ada: httpx2.AsyncClient,
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
) -> None:
    await ask(office, needs_closing_reason=True)
    solved = await reason(as_ada, "Solved", office.brand.support)
    sold, spam = await reason(as_ada, "Sold", office.brand.sales), await reason(as_ada, "Spam")
    bare = await as_ann.post(f"{address}/close")
    assert (bare.status_code, bare.json()["code"]) == (409, "closing_reason_missing")
    assert "closed with a reason. Choose one: Solved, Spam." in bare.json()["detail"]
    for unfit, status in ((sold, 409), ("unknown", 404)):
        refused = await as_ann.post(f"{address}/close", json={"reason": unfit})
        assert refused.status_code == status, refused.text
    early = await as_ann.put(f"{address}/closing-reason", json={"reason": solved})
    assert (early.status_code, early.json()["code"]) == (409, "conflict")

    done = await as_ann.post(f"{address}/close", json={"reason": solved})
    assert done.status_code == 200, done.text
    shown = (await as_ann.get(address)).json()
    assert (shown["closing_reason_id"], shown["close_reason"]) == (solved, "agent")

    changed = await as_mia.put(f"{address}/closing-reason", json={"reason": spam})
    assert changed.json()["closing_reason_id"] == spam
    assert (await as_ben.put(f"{address}/closing-reason", json={"reason": spam})).status_code == 404
    await centre.when("survey")
    await centre.text("5")  # a rating is a further step of the conversation
    await centre.when("closed")
    assert (await as_ann.get(address)).json()["closing_reason_id"] == spam
    events = (await as_ann.get(f"{address}/events")).json()["items"]
    told = [
        (one["kind"], one["agent_id"], one["data"]["closing_reason"])
        for one in events
        if "closing_reason" in one["data"]
    ]
    assert told == [
        ("conversation_closed", office.brand.ann.agent_id, "Solved"),
        ("closing_reason_set", office.brand.mia.agent_id, "Spam"),
    ]


async def test_only_people_are_asked_for_a_reason_and_only_if_there_is_one(
    office: Office,
    centre: Centre,
    address: str,
    as_ada: httpx2.AsyncClient,
    as_ann: httpx2.AsyncClient,
) -> None:
    await ask(office, needs_closing_reason=True)
    old = await reason(as_ada, "Old")
    assert (await as_ada.delete(f"/v1/closing-reasons/{old}")).status_code == 204
    retired = await as_ann.post(f"{address}/close", json={"reason": old})
    assert retired.json()["detail"] == "The closing reason Old is retired."
    assert (await as_ann.post(f"{address}/close")).status_code == 200

    await reason(as_ada, "New")
    await centre.text("and another thing")
    await centre.when("waiting")
    await centre.text("STOP", keyword=Keyword.stop)
    assert (await centre.when("closed")).closing_reason_id is None


async def test_the_rating_is_left_out_only_where_the_skill_allows_it(
    office: Office, centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    unasked = {"asks_rating": False}
    refused = await as_ann.post(f"{address}/close", json=unasked)
    assert (refused.status_code, refused.json()["code"]) == (409, "rating_required")
    await ask(office, may_skip_rating=True)
    assert (await as_ann.post(f"{address}/close", json=unasked)).status_code == 200
    assert (await centre.conversation()).status == "closed"
    closings = [one.data for one in await centre.events() if one.kind == "conversation_closed"]
    assert [one["survey_gate"] for one in closings] == ["not_wanted"]


async def test_closing_reasons_are_made_changed_and_retired_by_admins(
    office: Office, strangers: Office, as_ada: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    solved = await reason(as_ada, "Solved")
    address = f"/v1/closing-reasons/{solved}"
    for body, status in (
        ({"name": "solved"}, 409),
        ({"name": "x", "skills": ["nothing"]}, 422),
        ({"name": "\u0000"}, 422),
    ):
        assert (await as_ada.post("/v1/closing-reasons", json=body)).status_code == status
    assert (await as_ann.patch(address, json={"name": "Done"})).status_code == 403
    changed = await as_ada.patch(address, json={"name": "Done", "skills": [office.brand.sales]})
    assert (changed.json()["name"], changed.json()["skills"]) == ("Done", [office.brand.sales])
    assert (await as_ann.get("/v1/closing-reasons")).json()["items"] == [changed.json()]
    async with strangers.person(strangers.ada) as zoe:
        assert (await zoe.get(address)).status_code == 404


async def test_notes_stand_in_a_closed_conversation_which_stays_closed(
    office: Office, centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    await ask(office, may_skip_rating=True)
    await as_ann.post(f"{address}/close", json={"asks_rating": False})
    key = {"Idempotency-Key": "n1"}
    first = await as_ann.post(f"{address}/notes", json={"text": "Sent the refund."}, headers=key)
    again = await as_ann.post(f"{address}/notes", json={"text": "Sent the refund."}, headers=key)
    assert (first.status_code, first.json()) == (201, again.json())
    # Thanks of the consumer and another note come at the same time: both stand in it, once.
    await centre.text("thanks")
    assert (await as_ann.post(f"{address}/notes", json={"text": "Done."})).status_code == 201

    async def said() -> list[str]:
        return [text for author, text in await centre.spoken() if author != "system"]

    async def all_is_there() -> bool:
        return sorted((await said())[1:]) == ["Done.", "Sent the refund.", "thanks"]

    await eventually(all_is_there)
    shown = (await as_ann.get(address)).json()
    assert (shown["status"], shown["message_count"]) == ("closed", len(await centre.transcript()))
    await centre.text("one more thing")
    assert (await centre.when("waiting")).number == 2
    late = await as_ann.post(f"{address}/notes", json={"text": "He texted again."})
    assert late.status_code == 201


async def test_a_note_in_a_closed_conversation_is_refused_to_outsiders(
    office: Office, centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    await ask(office, may_skip_rating=True)
    await as_ann.post(
        f"{address}/transfers", json={"agent": office.brand.ben.agent_id, "force": True}
    )
    await centre.text("STOP", keyword=Keyword.stop)
    await centre.when("closed")
    refused = await as_ann.post(f"{address}/notes", json={"text": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_conversation")
    empty = await as_ann.post(f"{address}/notes", json={"text": " "})
    assert empty.status_code == 422


async def test_the_reason_for_an_opt_out_stands_in_the_ledger(
    centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    consumer = f"/v1/consumers/{centre.thread.consumer_id}/opt-out"
    assert (await as_ann.post(consumer, json={"reason": "x" * 501})).status_code == 422
    assert (await as_ann.post(consumer, json={"reason": "Asked on the phone."})).status_code == 200
    async with centre.sessions() as session:
        events = list(await session.scalars(select(ConsentEvent)))
    assert [one.evidence for one in events] == ["Asked on the phone."]


async def test_the_agent_who_loses_a_conversation_can_read_why(
    office: Office, address: str, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    done = await as_mia.post(f"{address}/take-over", json={"reason": "I know them."})
    assert done.status_code == 200
    told = (await as_ann.get(f"{address}/events")).json()["items"][-1]["data"]
    for one in (await as_ann.get(f"{address}/events")).json()["items"]:
        if one["data"].get("how") == "taken_over":
            told = one["data"]
    assert told["from_agent_id"] == office.brand.ann.agent_id
    notes = {
        one["id"]: one["text"]
        for one in (await as_ann.get(f"{address}/transcript")).json()["items"]
    }
    assert notes[told["note_id"]] == "I know them."
