"""How agents and managers get conversations: offers, picking, joining, taking over."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import delete, insert, update

from database.tables import Account, Agent, AgentSkill, Conversation, RoutingDecision, Survey
from domain.consent.keyword import Keyword
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from workflows.conversation.messages import Actor, AgentOffered

COMMANDS = ("accept", "decline", "pick", "join", "leave", "take-over")


async def waiting(centre: Centre) -> str:
    """Have the consumer text and return the address of their conversation."""
    await centre.text("hello")
    return f"/v1/conversations/{(await centre.when('waiting')).id}"


async def ring(centre: Centre, actor: Actor) -> str:
    """Offer a conversation to an agent and return its address."""
    async with centre.sessions.begin() as session:
        await session.execute(update(Account).values(accept_mode="ring"))
    address = await waiting(centre)
    row = await centre.conversation()
    offer = AgentOffered(
        conversation_id=str(row.id),
        ticket=await centre.ticket(row.id),
        agent_id=actor.agent_id,
        agent_name=actor.name,
    )
    await centre.conversations.offered(centre.thread.workflow_id, offer)

    async def rings() -> bool:
        return (await centre.conversation()).offered_agent_id == actor.agent_id

    await eventually(rings)
    return address


async def test_an_agent_accepts_an_offered_conversation(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    address = await ring(centre, office.brand.ann)
    shown = (await as_ann.get(address)).json()
    assert (shown["status"], shown["offered_agent_id"]) == ("waiting", office.brand.ann.agent_id)
    assert datetime.fromisoformat(shown["offer_ends_at"]) > datetime.now(UTC)
    refused = await as_ben.post(f"{address}/accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "offer_over")
    assert (await as_ann.post(f"{address}/accept")).status_code == 200
    taken = (await as_ann.get(address)).json()
    assert (taken["status"], taken["agent_id"]) == ("assigned", office.brand.ann.agent_id)
    assert (taken["offered_agent_id"], taken["offer_ends_at"]) == (None, None)


@pytest.mark.parametrize("command", ["accept", "decline"])
async def test_an_agent_who_answers_an_offer_after_a_stop_is_told_that_it_is_over(
    office: Office,
    centre: Centre,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    command: str,
) -> None:
    address = await ring(centre, office.brand.ann)
    await centre.text("STOP", keyword=Keyword.stop, provider_handled=True)
    await centre.when("closed")
    refused = await as_ann.post(f"{address}/{command}")
    assert (refused.status_code, refused.json()["code"]) == (409, "offer_over")
    assert (await as_ben.post(f"{address}/{command}")).status_code == 404


async def test_an_offered_conversation_is_visible_to_an_agent_without_its_skill(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    async with office.sessions.begin() as session:
        of_ann = delete(AgentSkill).where(AgentSkill.agent_id == office.brand.ann.agent_id)
        await session.execute(of_ann)
    address = await ring(centre, office.brand.ann)
    assert (await as_ann.get(address)).status_code == 200
    assert (await as_ann.post(f"{address}/decline")).status_code == 200
    assert (await as_ann.get(address)).status_code == 404


async def test_a_declined_conversation_waits_for_the_next(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    address = await ring(centre, office.brand.ann)
    assert (await as_ann.post(f"{address}/decline")).status_code == 200
    shown = (await as_ann.get(address)).json()
    assert (shown["status"], shown["offered_agent_id"]) == ("waiting", None)
    again = await as_ann.post(f"{address}/decline")
    assert (again.status_code, again.json()["code"]) == (409, "offer_over")


async def test_an_agent_with_an_open_offer_is_not_retired(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    address = await ring(centre, office.brand.ann)
    agent = f"/v1/agents/{office.brand.ann.agent_id}"
    refused = await as_ada.delete(agent)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (await as_ann.post(f"{address}/decline")).status_code == 200
    assert (await as_ada.delete(agent)).status_code == 204


async def test_only_agents_of_the_skill_who_may_pick_take_from_the_queue(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    address = await waiting(centre)
    refused = await as_ann.post(f"{address}/pick")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    async with office.sessions.begin() as session:
        await session.execute(update(Agent).values(may_pick=True))
    assert (await as_ann.post(f"{address}/pick")).status_code == 200
    assert (await as_ann.get(address)).json()["agent_id"] == office.brand.ann.agent_id
    late = await as_ben.post(f"{address}/pick")
    assert late.status_code == 404, "what another agent holds is not there"


async def test_of_two_who_pick_at_once_one_is_told_that_it_is_taken(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    address = await waiting(centre)
    assert (await as_mia.post(f"{address}/pick")).status_code == 200
    async with office.person(office.ada) as as_ada:
        late = await as_ada.post(f"{address}/pick")
    assert (late.status_code, late.json()["code"]) == (409, "already_taken")


async def test_a_manager_joins_writes_alongside_leaves_and_takes_over(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    address = await waiting(centre)
    await centre.assign(office.brand.ann.agent_id, "Ann")
    assert (await as_mia.post(f"{address}/join")).status_code == 200
    twice = await as_mia.post(f"{address}/join")
    assert (twice.status_code, twice.json()["code"]) == (409, "joining_refused")
    assert (await as_mia.post(f"{address}/replies", json={"text": "I help"})).status_code == 201
    assert (await as_mia.post(f"{address}/leave")).status_code == 200
    alone = await as_mia.post(f"{address}/replies", json={"text": "I am gone"})
    assert alone.status_code == 403
    assert (await as_ann.get(address)).json()["agent_id"] == office.brand.ann.agent_id
    assert (await as_mia.post(f"{address}/take-over")).status_code == 200
    assert (await as_mia.get(address)).json()["agent_id"] == office.brand.mia.agent_id
    refused = await as_ann.post(f"{address}/join")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_a_response_time_set_by_hand_is_shown_and_taken_back(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    address = await waiting(centre)
    await centre.assign(office.brand.ann.agent_id, "Ann")
    before = (await as_ann.get(address)).json()
    assert (before["response_due_at"], before["response_state"]) == (None, "ongoing")
    promised = await as_ann.put(f"{address}/response-time", json={"seconds": 120})
    assert promised.status_code == 200
    shown = (await as_ann.get(address)).json()
    due_in = datetime.fromisoformat(shown["response_due_at"]) - datetime.now(UTC)
    assert timedelta() < due_in <= timedelta(seconds=120)
    assert (shown["response_is_manual"], shown["response_state"]) == (True, "soon_overdue")
    await as_ann.put(f"{address}/response-time", json={"seconds": None})
    after = (await as_ann.get(address)).json()
    assert (after["response_is_manual"], after["response_due_at"]) == (False, None)
    assert (await as_ann.put(f"{address}/response-time", json={"seconds": 5})).status_code == 422


@pytest.mark.parametrize("command", COMMANDS)
async def test_what_is_closed_is_neither_taken_nor_joined(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient, command: str
) -> None:
    address = await waiting(centre)
    async with office.sessions.begin() as session:
        off = insert(Survey).values(account_id=office.brand.account_id)
        await session.execute(off.values(definition={"enabled": False}))
    assert (await as_mia.post(f"{address}/close")).status_code == 200
    refused = await as_mia.post(f"{address}/{command}")
    assert refused.status_code == 409, refused.text
    assert refused.json()["code"] in {"conversation_closed", "conversation_in_survey"}


async def test_a_transfer_to_a_skill_that_nobody_holds_must_be_forced(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    address = await waiting(centre)
    await centre.assign(office.brand.ann.agent_id, "Ann")
    empty = (await as_ada.post("/v1/skills", json={"name": "Empty"})).json()["id"]
    refused = await as_ann.post(f"{address}/transfers", json={"skill": empty})
    assert (refused.status_code, refused.json()["code"]) == (409, "transfer_refused")
    assert "No agent has the skill Empty" in refused.json()["detail"]
    forced = await as_ann.post(f"{address}/transfers", json={"skill": empty, "force": True})
    assert forced.status_code == 200
    assert (await as_ada.get(address)).json()["skill_id"] == empty


async def test_why_a_conversation_went_where_it_went_is_shown_to_who_may_see_it(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    address = await waiting(centre)
    row = await centre.conversation()
    candidate = {
        "agent_id": office.brand.ann.agent_id,
        "name": "Ann",
        "load": 0.5,
        "capacity": 5,
        "chosen": True,
        "why": "Chosen.",
    }
    decision = {
        "account_id": office.brand.account_id,
        "conversation_id": row.id,
        "ticket": 1,
        "kind": "assigned",
        "agent_id": office.brand.ann.agent_id,
        "reason": "Ann has the lowest load.",
        "candidates": [candidate],
    }
    async with office.sessions.begin() as session:
        await session.execute(insert(RoutingDecision).values(**decision))
    await centre.assign(office.brand.ann.agent_id, "Ann")
    shown = (await as_ann.get(f"{address}/routing")).json()["items"]
    assert shown[-1]["reason"] == "Ann has the lowest load."
    assert shown[-1]["candidates"] == [candidate]
    assert (await as_ben.get(f"{address}/routing")).status_code == 404


async def test_an_overdue_conversation_says_so(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    address = await waiting(centre)
    async with office.sessions.begin() as session:
        past = datetime.now(UTC) - timedelta(minutes=1)
        await session.execute(update(Conversation).values(response_due_at=past))
    assert (await as_mia.get(address)).json()["response_state"] == "overdue"


async def test_a_dry_run_says_who_would_get_a_text_and_changes_nothing(
    office: Office, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    state = f"/v1/agents/{office.brand.ann.agent_id}/state"
    await as_ann.put(state, json={"state": "online"})
    wanted = {"line": office.brand.line_id, "number": "+1 555 012 3456", "text": "hello"}
    found = (await as_mia.post("/v1/routing/dry-run", json=wanted)).json()
    assert (found["skill_id"], found["agent_name"]) == (office.brand.support, "Ann")
    assert found["reason"]
    assert [one["chosen"] for one in found["candidates"]] == [True]
    assert (await as_mia.get("/v1/conversations")).json()["items"] == []
    nowhere = await as_mia.post("/v1/routing/dry-run", json=wanted | {"line": "nowhere"})
    assert nowhere.status_code == 404
    nobody = await as_mia.post("/v1/routing/dry-run", json=wanted | {"number": "12"})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "number_invalid")
    assert (await as_ann.post("/v1/routing/dry-run", json=wanted)).status_code == 403
