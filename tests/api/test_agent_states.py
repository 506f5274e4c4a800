"""The agents' day: states, reasons, how long they lasted, logging out."""

from datetime import UTC, datetime, timedelta

import httpx2
from sqlalchemy import select, update

from activities.maintenance import tidy
from database.tables import Agent, Event, Session
from tests.api.conftest import Office


async def test_agents_set_their_own_state_and_managers_everybodys(
    office: Office,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    await as_ada.put("/v1/away-reasons", json={"reasons": ["Lunch"]})
    path = f"/v1/agents/{office.brand.ann.agent_id}/state"
    own = (await as_ann.put(path, json={"state": "away", "reason": "Lunch"})).json()
    assert (own["state"], own["state_reason"]) == ("away", "Lunch")
    assert (await as_ben.put(path, json={"state": "online"})).status_code == 403
    assert (await as_mia.put(path, json={"state": "online"})).json()["state"] == "online"
    assert (await as_mia.put(path, json={"state": "online"})).status_code == 200
    async with office.sessions() as session:
        events = (await session.scalars(select(Event).order_by(Event.id))).all()
    assert [(event.kind, event.data["state"]) for event in events] == [
        ("agent_state", "away"),
        ("agent_state", "online"),
    ]


async def test_an_account_has_ten_reasons_to_be_away_at_most(as_ada: httpx2.AsyncClient) -> None:
    assert (await as_ada.get("/v1/away-reasons")).json() == {"reasons": []}
    ten = [f"Reason {number}" for number in range(10, 0, -1)]
    assert (await as_ada.put("/v1/away-reasons", json={"reasons": ten})).status_code == 200
    assert (await as_ada.get("/v1/away-reasons")).json() == {"reasons": ten}
    eleven = {"reasons": [*ten, "One more"]}
    assert (await as_ada.put("/v1/away-reasons", json=eleven)).status_code == 422
    twice = {"reasons": ["Lunch", "lunch"]}
    assert "twice" in (await as_ada.put("/v1/away-reasons", json=twice)).json()["detail"]
    assert (await as_ada.get("/v1/away-reasons")).json() == {"reasons": ten}


async def test_a_reason_is_on_the_list_and_for_being_away(
    office: Office, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.put("/v1/away-reasons", json={"reasons": ["Lunch"]})
    path = f"/v1/agents/{office.brand.ann.agent_id}/state"
    unlisted = await as_ann.put(path, json={"state": "away", "reason": "Nap"})
    assert (unlisted.status_code, unlisted.json()["code"]) == (422, "invalid")
    online = await as_ann.put(path, json={"state": "online", "reason": "Lunch"})
    assert "Only the state away" in online.json()["detail"]
    assert (await as_ann.put(path, json={"state": "away"})).status_code == 200


async def test_how_long_each_state_lasted_is_kept(
    office: Office,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    agent = f"/v1/agents/{office.brand.ann.agent_id}"
    async with office.sessions.begin() as session:
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        await session.execute(update(Agent).values(state_since=hour_ago))
    for state in ("online", "back_soon", "online"):
        await as_ann.put(f"{agent}/state", json={"state": state})
    shown = (await as_mia.get(f"{agent}/states", params={"limit": 3})).json()
    states = [(one["state"], one["ended_at"] is None) for one in shown["items"]]
    assert states == [("online", True), ("back_soon", False), ("online", False)]
    rest = await as_ann.get(f"{agent}/states", params={"cursor": shown["next"]})
    (first,) = rest.json()["items"]
    assert first["state"] == "offline"
    assert 3600 <= first["seconds"] < 3700
    assert first["ended_at"] == shown["items"][-1]["began_at"]
    assert (await as_ben.get(f"{agent}/states")).status_code == 403


async def test_a_break_does_not_start_a_new_working_day(
    office: Office, as_ann: httpx2.AsyncClient
) -> None:
    path = f"/v1/agents/{office.brand.ann.agent_id}/state"
    began = (await as_ann.put(path, json={"state": "online"})).json()["online_since"]
    assert began
    await as_ann.put(path, json={"state": "away"})
    assert (await as_ann.put(path, json={"state": "online"})).json()["online_since"] == began
    assert (await as_ann.put(path, json={"state": "offline"})).json()["online_since"] is None


async def test_who_comes_back_online_begins_with_no_missed_offers(
    office: Office, as_ann: httpx2.AsyncClient
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Agent).values(missed_offers=3, state="away"))
    path = f"/v1/agents/{office.brand.ann.agent_id}/state"
    assert (await as_ann.put(path, json={"state": "online"})).json()["missed_offers"] == 0


async def test_logging_out_sets_an_agent_offline_when_it_was_their_last_log_in(
    office: Office, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    agent = f"/v1/agents/{office.brand.ann.agent_id}"
    await as_ann.put(f"{agent}/state", json={"state": "online"})
    async with office.person(office.brand.ann) as second_tab:
        assert (await second_tab.delete("/v1/sessions/current")).status_code == 204
    assert (await as_mia.get(agent)).json()["state"] == "online"
    assert (await as_ann.delete("/v1/sessions/current")).status_code == 204
    assert (await as_mia.get(agent)).json()["state"] == "offline"


async def test_a_log_in_that_runs_out_sets_its_agent_offline(
    office: Office, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    agent = f"/v1/agents/{office.brand.ann.agent_id}"
    await as_ann.put(f"{agent}/state", json={"state": "online"})
    async with office.sessions.begin() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        of_ann = update(Session).where(Session.agent_id == office.brand.ann.agent_id)
        await session.execute(of_ann.values(expires_at=past))
    await tidy(office.sessions)
    assert (await as_mia.get(agent)).json()["state"] == "offline"


async def test_only_admins_say_who_may_pick(
    office: Office, as_mia: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    agent = f"/v1/agents/{office.brand.ann.agent_id}"
    assert (await as_mia.patch(agent, json={"may_pick": True})).status_code == 403
    assert (await as_ada.patch(agent, json={"may_pick": True})).json()["may_pick"] is True
