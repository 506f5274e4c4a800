"""Offers, the queue and what managers do, as pages show it."""

import re
from uuid import UUID

import httpx2
from sqlalchemy import insert, update

from database.tables import Account, Agent, AwayReason, QueueEntry, RoutingDecision
from tests.api.conftest import Office
from tests.api.test_conversations import wait_in_queue
from tests.fixtures.centre import Centre, eventually
from tests.web.conftest import PAGE, Browsing
from tests.web.test_live import Stream
from workflows.conversation.messages import Actor, AgentOffered


async def ring(centre: Centre, actor: Actor) -> str:
    """Offer a conversation to an agent and return the address of its page."""
    async with centre.sessions.begin() as session:
        await session.execute(update(Account).values(accept_mode="ring"))
    await centre.text("hello")
    row = await centre.when("waiting")
    return await _offer(centre, actor, row.id)


async def _offer(centre: Centre, actor: Actor, conversation_id: UUID) -> str:
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
    return f"/workspace/{conversation_id}"


async def test_an_offer_comes_with_the_stream_and_is_accepted(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("<b>hello</b>")
    row = await centre.when("waiting")
    async with browsing(office.brand.ann) as ann:
        async with ann.stream("GET", "/workspace/live?view=mine") as answer:
            stream = Stream(answer)
            await stream.until("")
            address = await _offer(centre, office.brand.ann, row.id)
            came = await stream.until('data-offer="')
        assert f'hx-post="{address}/accept"' in came
        assert "&lt;b&gt;hello&lt;/b&gt;" in came
        page = (await ann.get("/workspace")).text
        assert f'id="ring-{row.id}"' in page
        done = await ann.post(f"{address}/accept", headers=PAGE)
        assert done.headers["HX-Redirect"] == f"{address}?view=mine"
        assert (await centre.conversation()).agent_id == office.brand.ann.agent_id
        assert "data-offer" not in (await ann.get("/workspace")).text


async def test_an_agent_who_declines_hears_no_more_of_it_and_nobody_else_can_answer(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    address = await ring(centre, office.brand.ann)
    async with browsing(office.brand.ben) as ben:
        refused = await ben.post(f"{address}/accept", headers=PAGE)
        assert refused.status_code == 409
        assert "data-offer" not in (await ben.get("/workspace")).text
    async with browsing(office.brand.ann) as ann:
        declined = await ann.post(f"{address}/decline", headers=PAGE)
        assert declined.status_code == 200
        assert "data-offer" not in declined.text
        late = await ann.post(f"{address}/accept", headers=PAGE)
        assert late.status_code == 409
        assert late.text.startswith("<p>")


async def test_the_queue_says_why_it_waits_and_offers_to_take_only_to_who_may(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    async with office.sessions.begin() as session:
        await session.execute(update(QueueEntry).values(waiting_reason="Everybody is <busy>."))
    take = f'hx-post="/workspace/{row.id}/pick"'
    async with browsing(office.brand.ann) as ann:
        page = (await ann.get("/workspace?view=waiting")).text
        assert "Everybody is &lt;busy&gt;." in page
        now = (await ann.get("/workspace/queue", headers=PAGE)).text
        assert "Everybody is &lt;busy&gt;." in now
        assert now.startswith('<hx-partial hx-target="#list-waiting"')
        assert take not in page
        refused = await ann.post(f"/workspace/{row.id}/pick", headers=PAGE)
        assert refused.status_code == 403
        async with office.sessions.begin() as session:
            await session.execute(update(Agent).values(may_pick=True))
        assert take in (await ann.get("/workspace?view=waiting")).text
        taken = await ann.post(f"/workspace/{row.id}/pick", headers=PAGE)
        assert taken.headers["HX-Redirect"].startswith(f"/workspace/{row.id}")
    assert (await centre.conversation()).agent_id == office.brand.ann.agent_id


async def test_the_queue_is_numbered_as_it_is_served(office: Office, browsing: Browsing) -> None:
    """Overdue for half an hour, against five hours left and some priority."""
    important = await wait_in_queue(office, "+15550000001", priority=5, due_in=300)
    overdue = await wait_in_queue(office, "+15550000002", priority=0, due_in=-30)
    async with browsing(office.brand.mia) as mia:
        page = (await mia.get("/workspace?view=waiting")).text
    entries = re.findall(
        r'<li id="entry-([^"]+)">.*?<span class="queue-position">(\d+)</span>', page, re.S
    )
    assert entries == [(overdue, "1"), (important, "2")]


async def held(centre: Centre, office: Office) -> str:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/workspace/{(await centre.conversation()).id}"


async def test_a_manager_joins_writes_leaves_and_takes_over(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    address = await held(centre, office)
    async with browsing(office.brand.ann) as ann:
        assert f"{address}/join" not in (await ann.get(address)).text
        assert (await ann.post(f"{address}/take-over", headers=PAGE)).status_code == 403
    async with browsing(office.brand.mia) as mia:
        assert 'value="reply"' not in (await mia.get(address)).text
        joined = await mia.post(f"{address}/join", headers=PAGE)
        assert "Mia joined" in joined.text
        assert 'value="reply"' in joined.text
        form = {"kind": "reply", "text": "I help"}
        assert (await mia.post(f"{address}/messages", data=form, headers=PAGE)).status_code == 200
        left = await mia.post(f"{address}/leave", headers=PAGE)
        assert "Mia left" in left.text
        assert 'value="reply"' not in left.text
        taken = await mia.post(f"{address}/take-over", headers=PAGE)
        assert "Assigned to Mia" in taken.text
    assert (await centre.conversation()).agent_id == office.brand.mia.agent_id


async def test_a_response_time_set_by_hand_is_shown_in_head_and_list(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    address = await held(centre, office)
    async with browsing(office.brand.ann) as ann:
        answer = await ann.post(f"{address}/response-time", data={"seconds": "240"}, headers=PAGE)
        assert "Ann set the response time" in answer.text
        page = (await ann.get(address)).text
        assert page.count('class="response soon_overdue"') == 2
        assert "(set by hand)" in page
        await ann.post(f"{address}/response-time", data={"seconds": ""}, headers=PAGE)
        assert "(set by hand)" not in (await ann.get(address)).text
        bad = await ann.post(f"{address}/response-time", data={"seconds": "5"}, headers=PAGE)
        assert bad.status_code == 422


async def test_the_transfer_dialog_shows_who_is_free_and_only_what_is_allowed(
    office: Office, browsing: Browsing, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    address = await held(centre, office)
    async with office.person(office.brand.ben) as ben:
        path = f"/v1/agents/{office.brand.ben.agent_id}/state"
        await ben.put(path, json={"state": "online"})
    async with browsing(office.brand.ann) as ann:
        dialog = (await ann.get(f"{address}/transfer", headers=PAGE)).text
        assert f'value="skill:{office.brand.sales}"' in dialog
        assert f'value="skill:{office.brand.support}"' not in dialog
        assert "1 of 1 online, 1 free" in dialog
        assert "Free: 0 of 5" in dialog
        path = f"/v1/skills/{office.brand.support}"
        await as_ada.patch(path, json={"transfer_targets": "none"})
        dialog = (await ann.get(f"{address}/transfer", headers=PAGE)).text
        assert 'value="skill:' not in dialog
    async with browsing(office.brand.ben) as stranger:
        assert (await stranger.get(f"{address}/transfer", headers=PAGE)).status_code == 404
        assert (await stranger.get(f"{address}/routing", headers=PAGE)).status_code == 404


async def test_why_here_lists_decisions_with_the_agents_who_were_considered(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    address = await held(centre, office)
    who = {"agent_id": "b", "name": "Ben <i>", "load": 2, "capacity": 5, "chosen": False}
    decision = {
        "account_id": office.brand.account_id,
        "conversation_id": (await centre.conversation()).id,
        "ticket": 1,
        "kind": "assigned",
        "reason": "Ann has the lowest load.",
        "candidates": [who | {"why": "Is busier."}],
    }
    async with office.sessions.begin() as session:
        await session.execute(insert(RoutingDecision).values(decision))
    async with browsing(office.brand.ann) as ann:
        panel = (await ann.get(f"{address}/routing", headers=PAGE)).text
    assert "Ann has the lowest load." in panel
    assert "Ben &lt;i&gt;" in panel
    assert "Is busier." in panel


async def test_agents_are_away_for_one_of_the_accounts_reasons(
    office: Office, browsing: Browsing
) -> None:
    reason = {"account_id": office.brand.account_id, "name": "Lunch: long"}
    async with office.sessions.begin() as session:
        await session.execute(insert(AwayReason).values(reason))
    async with browsing(office.brand.ann) as ann:
        form = {"state": "away:Lunch: long"}
        answer = await ann.post("/workspace/state", data=form, headers=PAGE)
        assert "Away: Lunch: long</span>" in answer.text
        unknown = await ann.post("/workspace/state", data={"state": "away:Nap"}, headers=PAGE)
        assert unknown.status_code == 422
        assert "is not one of the account" in unknown.text
