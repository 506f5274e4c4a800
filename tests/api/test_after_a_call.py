"""Opening after a phone call: with context, by a program, and by resuming a closed conversation."""

from uuid import UUID

import httpx2
from sqlalchemy import update

from database.tables import Invitation, Message
from domain.people.roles import Role
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from workflows.conversation.commands import Close

NUMBER = "+15550123"
ABOUT = {
    "reason": "Broken lamp",
    "reference": "4711",
    "note": "Calm.\nWants a refund",
    "link": "https://crm.example.com/4711",
}


def new(office: Office, **more: object) -> dict[str, object]:
    return {
        "line": office.brand.line_id,
        "number": NUMBER,
        "text": "As we said on the phone",
    } | more


async def test_an_agent_opens_with_context_and_resumes_it_once_closed(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    made = await as_ann.post(
        "/v1/conversations", json=new(office, origin="follow_up", context=ABOUT)
    )
    assert made.status_code == 201, made.text
    first = made.json()["conversation_id"]
    address = f"/v1/conversations/{first}"
    origin = (await as_ann.get(address)).json()["origin"]
    assert (origin["kind"], origin["context"]) == ("follow_up", ABOUT)
    again = {"text": "Is the new lamp fine?"}
    early = await as_ann.post(f"{address}/resume", json=again)
    assert (early.status_code, early.json()["code"]) == (409, "conversation_already_open")
    await centre.give(Close(key="1", actor=office.brand.ann))
    await centre.when("closed")
    assert (await as_ben.post(f"{address}/resume", json=again)).status_code == 404
    key = {"Idempotency-Key": "resume"}
    for _ in range(2):
        resumed = await as_ann.post(f"{address}/resume", json=again, headers=key)
        assert resumed.status_code == 201, resumed.text
    second = (await as_ann.get(f"/v1/conversations/{resumed.json()['conversation_id']}")).json()
    assert (second["origin"]["kind"], second["origin"]["id"]) == ("follow_up", first)
    assert (second["status"], second["agent_id"]) == ("assigned", office.brand.ann.agent_id)
    assert len(await centre.all_conversations()) == 2
    async with office.person(office.brand.ann) as page:
        shown = (await page.get(f"/workspace/{first}/opened")).json()
        assert shown["began"]["words"] == "Follow-up by us"
        assert shown["began"]["link"] == "https://crm.example.com/4711"
        assert shown["rights"]["may_resume"]


async def test_a_link_that_is_a_script_is_refused(
    office: Office, as_ann: httpx2.AsyncClient
) -> None:
    about = {"link": "javascript:alert(1)"}
    refused = await as_ann.post("/v1/conversations", json=new(office, context=about))
    assert refused.status_code == 422


async def test_a_program_texts_and_the_reply_opens_a_conversation_with_its_context(
    office: Office, centre: Centre
) -> None:
    body = new(office, origin="follow_up", skill=office.brand.sales, context=ABOUT)
    async with office.program(Role.manager, **{"Idempotency-Key": "1"}) as program:
        first, second = [await program.post("/v1/conversations", json=body) for _ in range(2)]
    assert (first.status_code, second.json()) == (201, first.json())
    assert first.json()["conversation_id"] is None
    assert await centre.all_conversations() == []
    message_id = UUID(first.json()["message_id"])
    async with centre.sessions.begin() as session:
        invitation = await session.get_one(Invitation, message_id)
        assert invitation.look_back_seconds == 3 * 86400
        left = update(Message).where(Message.id == message_id)
        await session.execute(left.values(status="sent", attempted_at=Message.written_at))
    await centre.text("Yes please, how?")
    row = await centre.when("waiting")
    assert (row.skill_id, row.origin) == (office.brand.sales, "follow_up")
    assert (await centre.spoken())[0] == ("system", "As we said on the phone")


async def test_a_program_assigns_it_to_an_agent_and_an_agent_to_nobody_else(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    body = new(office, assign_to=office.brand.ben.agent_id)
    assert (await as_ann.post("/v1/conversations", json=body)).status_code == 403
    async with office.program(Role.manager) as program:
        assert (await program.post("/v1/conversations", json=body)).status_code == 201
    row = await centre.conversation()
    assert (row.agent_id, row.opened_by) == (office.brand.ben.agent_id, office.brand.ben.agent_id)
