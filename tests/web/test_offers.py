"""Offers, the queue and what managers do, as the workspace shows it."""

from uuid import UUID

import httpx2
from sqlalchemy import update

from database.tables import Account, Agent, QueueEntry
from tests.api.conftest import Office
from tests.api.test_conversations import wait_in_queue
from tests.fixtures.centre import Centre, eventually
from tests.web.at_the_workspace import (
    boot,
    following,
    give,
    held,
    listing,
    opened,
    told,
)
from tests.web.conftest import Browsing
from web.workspace import wire
from workflows.conversation.messages import Actor, AgentOffered


async def ring(centre: Centre, actor: Actor) -> UUID:
    """Offer a conversation to an agent and return its id."""
    async with centre.sessions.begin() as session:
        await session.execute(update(Account).values(accept_mode="ring"))
    await centre.text("hello")
    row = await centre.when("waiting")
    await _offer(centre, actor, row.id)
    return row.id


async def _offer(centre: Centre, actor: Actor, conversation_id: UUID) -> None:
    ticket = await centre.ticket(conversation_id)
    given = {"assigned_agent_id": actor.agent_id}
    async with centre.sessions.begin() as session:
        await session.execute(update(QueueEntry).values(given))
    offer = AgentOffered(
        conversation_id=str(conversation_id),
        ticket=ticket,
        agent_id=actor.agent_id,
        agent_name=actor.name,
    )
    await centre.conversations.offered(centre.thread.workflow_id, offer)

    async def rings() -> bool:
        return (await centre.conversation()).offered_agent_id == actor.agent_id

    await eventually(rings)


async def offers(client: httpx2.AsyncClient) -> list[UUID]:
    return [row.id for row in (await boot(client)).offers]


async def test_an_offer_comes_with_the_stream_and_is_accepted(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("<b>hello</b>")
    row = await centre.when("waiting")
    async with browsing(office.brand.ann) as ann:
        async with following(ann) as stream:
            await stream.begins()
            await _offer(centre, office.brand.ann, row.id)
            came = (await stream.words(f'"offered_agent_id":"{office.brand.ann.agent_id}"'))[-1]
        assert isinstance(came, wire.ConversationMessage)
        assert came.conversation.offer_ends_at
        assert came.conversation.last_text == "<b>hello</b>"
        assert await offers(ann) == [row.id]
        assert (await give(ann, row.id, "accept")).is_success
        assert (await centre.conversation()).agent_id == office.brand.ann.agent_id
        assert await offers(ann) == []


async def test_an_agent_who_declines_hears_no_more_of_it_and_nobody_else_can_answer(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await ring(centre, office.brand.ann)
    async with browsing(office.brand.ben) as ben:
        assert (await give(ben, id_, "accept")).status_code == 409
        assert await offers(ben) == []
    async with browsing(office.brand.ann) as ann, following(ann) as stream:
        await stream.begins()
        assert (await give(ann, id_, "decline")).is_success
        assert await offers(ann) == []
        # Also to a page of somebody who may not see it any more.
        await stream.words(str(id_))
        late = await give(ann, id_, "accept")
        assert (late.status_code, late.json()["code"]) == (409, "offer_over")


async def test_the_queue_says_why_it_waits_and_is_taken_from_only_by_who_may(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    id_ = (await centre.when("waiting")).id
    async with office.sessions.begin() as session:
        await session.execute(update(QueueEntry).values(waiting_reason="Everybody is <busy>."))
    async with browsing(office.brand.ann) as ann:
        [row] = (await listing(ann, "waiting")).conversations
        assert row.wait
        assert row.wait.because == "Everybody is <busy>."
        assert not (await opened(ann, id_)).rights.may_pick
        assert (await give(ann, id_, "pick")).status_code == 403
        async with office.sessions.begin() as session:
            await session.execute(update(Agent).values(may_pick=True))
        assert (await opened(ann, id_)).rights.may_pick
        assert (await give(ann, id_, "pick")).is_success
    assert (await centre.conversation()).agent_id == office.brand.ann.agent_id


async def test_the_queue_is_listed_as_it_is_served(office: Office, browsing: Browsing) -> None:
    """Overdue for half an hour, against five hours left and some priority."""
    important = await wait_in_queue(office, "+15550000001", priority=5, due_in=300)
    overdue = await wait_in_queue(office, "+15550000002", priority=0, due_in=-30)
    async with browsing(office.brand.mia) as mia:
        shown = (await listing(mia, "waiting")).conversations
    assert [str(row.id) for row in shown] == [overdue, important]
    order = [row.wait.order for row in shown if row.wait]
    assert order == sorted(order), "the page sorts by it, too"


async def test_a_manager_joins_writes_leaves_and_takes_over(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre)
    async with browsing(office.brand.ann) as ann:
        assert not (await opened(ann, id_)).rights.may_join
        assert (await give(ann, id_, "take-over")).status_code == 403
    async with browsing(office.brand.mia) as mia:
        assert not (await opened(mia, id_)).rights.may_reply
        await give(mia, id_, "join")
        joined = (await opened(mia, id_)).rights
        assert (joined.may_reply, joined.may_join, joined.may_leave) == (True, False, True)
        assert (await give(mia, id_, "replies", text="I help")).is_success
        await give(mia, id_, "leave")
        assert not (await opened(mia, id_)).rights.may_reply
        await give(mia, id_, "take-over")
        assert {"Mia joined", "Mia left", "Assigned to Mia"} <= set(await told(mia, id_))
    assert (await centre.conversation()).agent_id == office.brand.mia.agent_id


async def test_a_response_time_set_by_hand_is_shown(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre)
    async with browsing(office.brand.ann) as ann:
        await give(ann, id_, "response-time", "PUT", seconds=240)
        assert "Ann set the response time" in await told(ann, id_)
        row = (await opened(ann, id_)).row
        assert (row.response_state, row.response_is_manual) == ("soon_overdue", True)
        await give(ann, id_, "response-time", "PUT", seconds=None)
        assert not (await opened(ann, id_)).row.response_is_manual
        bad = await give(ann, id_, "response-time", "PUT", seconds=5)
        assert bad.status_code == 422
