import asyncio

import httpx2
from sqlalchemy import delete, select

from database.tables import ConsentEvent, Idempotency
from domain.people.roles import Role
from tests.api.conftest import Office
from tests.fixtures.centre import Centre

NUMBER = "+15550123"


async def test_an_agent_starts_a_conversation_with_a_number_and_is_assigned(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    new = {"line": office.brand.line_id, "number": "+1 (555) 012-3", "text": "Ready to collect"}
    made = await as_ann.post("/v1/conversations", json=new | {"number": NUMBER})
    assert made.status_code == 201
    shown = (await as_ann.get(f"/v1/conversations/{made.json()['conversation_id']}")).json()
    assert shown["agent_id"] == shown["opened_by"] == office.brand.ann.agent_id
    assert (shown["status"], shown["skill_id"]) == ("assigned", office.brand.support)
    assert shown["last_text"] == "Ready to collect"
    again = await as_ann.post("/v1/conversations", json=new | {"number": NUMBER})
    assert (again.status_code, again.json()["code"]) == (409, "conversation_already_open")


async def test_a_conversation_opened_twice_with_one_key_is_one(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    new = {
        "line": office.brand.line_id,
        "number": NUMBER,
        "text": "Hello",
        "skill": office.brand.sales,
    }
    key = {"Idempotency-Key": "open"}
    answers = await asyncio.gather(
        *(as_ann.post("/v1/conversations", json=new, headers=key) for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    async with centre.sessions.begin() as session:
        await session.execute(delete(Idempotency))
    late = await as_ann.post("/v1/conversations", json=new, headers=key)
    assert late.json() == answers[0].json()
    assert len(await centre.all_conversations()) == 1


async def test_nobody_who_opted_out_is_texted(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    await centre.opt_out()
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Hello"}
    refused = await as_ann.post("/v1/conversations", json=new)
    assert (refused.status_code, refused.json()["code"]) == (409, "consumer_opted_out")
    assert await centre.all_conversations() == []


async def test_bad_numbers_unknown_lines_and_long_texts_are_refused(
    office: Office, as_ann: httpx2.AsyncClient
) -> None:
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Hello"}
    for change, status, code in (
        ({"number": "5550123"}, 422, "number_invalid"),
        ({"number": "call me"}, 422, "number_invalid"),
        ({"line": "nowhere"}, 404, "not_found"),
        ({"skill": "nowhere"}, 404, "not_found"),
        ({"text": "x" * 1601}, 422, "message_too_long"),
        ({"text": "😀" * 801}, 422, "message_too_long"),
        ({"text": ""}, 422, "message_empty"),
    ):
        refused = await as_ann.post("/v1/conversations", json=new | change)
        assert (refused.status_code, refused.json()["code"]) == (status, code), change


async def test_another_accounts_line_is_not_there(office: Office, strangers: Office) -> None:
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Hello"}
    async with strangers.person(strangers.ada) as zoe:
        assert (await zoe.post("/v1/conversations", json=new)).status_code == 404


async def test_an_agent_records_an_opt_out_and_the_conversation_closes(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    await centre.text("please never text me again")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    path = f"/v1/consumers/{centre.thread.consumer_id}"
    assert (await as_ben.get(path)).status_code == 404  # not his conversation
    assert (await as_ben.post(f"{path}/opt-out")).status_code == 404
    assert (await as_ann.get(path)).json()["is_opted_out"] is False
    assert (await as_ann.post(f"{path}/opt-out")).json()["is_opted_out"] is True
    row = await centre.when("closed")
    assert row.close_reason == "opt_out"
    again = await as_ann.post(f"{path}/opt-out")
    assert (again.status_code, again.json()["is_opted_out"]) == (200, True)
    async with centre.sessions() as session:
        said = (await session.scalars(select(ConsentEvent))).one()
    ann = office.brand.ann.agent_id
    assert (said.source, said.agent_id, said.token_id) == ("agent", ann, None)
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Hello"}
    refused = await as_ann.post("/v1/conversations", json=new)
    assert refused.json()["code"] == "consumer_opted_out"


async def test_the_ledger_says_which_program_opted_somebody_out_and_for_whom(
    office: Office, centre: Centre
) -> None:
    path = f"/v1/consumers/{centre.thread.consumer_id}/opt-out"
    async with office.program(Role.manager) as program:
        assert (await program.post(path)).status_code == 200
    async with centre.sessions() as session:
        said = (await session.scalars(select(ConsentEvent))).one()
    assert (said.source, said.agent_id) == ("api", None)
    assert said.token_id is not None
    assert said.token_id.startswith("token-")
