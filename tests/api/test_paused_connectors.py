"""Connectors that their providers refuse as a whole, and the pace of lines, in the API."""

from datetime import UTC, datetime

import httpx2
from sqlalchemy import select

from database.queries import pauses
from database.queries.delivery import DeliveryFailure
from database.tables import Event
from tests.api.conftest import Office

BROKEN = DeliveryFailure("account_refused", "The provider does not accept the account.", "20003")


async def broken(office: Office) -> str:
    """Pause the brand's connector; returns its address."""
    account = office.brand.account_id
    async with office.sessions.begin() as session:
        await pauses.begin(session, account, f"{account}-twilio", BROKEN, datetime.now(UTC))
    return f"/v1/connectors/{account}-twilio"


async def test_a_paused_connector_says_why_until_it_is_resumed(
    office: Office, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    path = await broken(office)
    shown = (await as_ada.get(path)).json()
    assert shown["pause"]["provider_code"] == "20003"
    assert (await as_ada.get("/v1/connectors")).json()["items"][0] == shown
    health = {one["check"]: one for one in (await as_ada.get(f"{path}/health")).json()}
    assert not health["in_order"]["is_well"]
    assert health["in_order"]["sentence"].startswith("The provider does not accept the account.")
    assert (await as_mia.post(f"{path}/resume")).status_code == 403
    for _ in range(2):
        resumed = await as_ada.post(f"{path}/resume")
        assert (resumed.status_code, resumed.json()["pause"]) == (200, None)
    health = {one["check"]: one for one in (await as_ada.get(f"{path}/health")).json()}
    assert health["in_order"]["is_well"]
    query = select(Event).where(Event.account_id == office.brand.account_id).order_by(Event.id)
    async with office.sessions() as session:
        told = list(await session.scalars(query))
    assert [one.kind for one in told] == ["connector_paused", "connector_resumed"]
    assert told[0].data == {"connector": f"{office.brand.account_id}-twilio"}


async def test_a_new_secret_resumes_a_paused_connector(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = await broken(office)
    assert (await as_ada.patch(path, json={"name": "Other"})).json()["pause"]
    secret = {"account_sid": "AC" + "0" * 32, "auth_token": "mended"}
    assert (await as_ada.patch(path, json={"secret": secret})).json()["pause"] is None


async def test_strangers_see_and_resume_nothing(office: Office, strangers: Office) -> None:
    path = await broken(office)
    async with strangers.person(strangers.ada) as zoe:
        assert (await zoe.post(f"{path}/resume")).status_code == 404
        assert all(
            one["pause"] is None for one in (await zoe.get("/v1/connectors")).json()["items"]
        )


async def test_a_line_has_no_pace_of_its_own_unless_it_is_told_one(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    new = {
        "name": "Sales",
        "connector": f"{office.brand.account_id}-twilio",
        "address": "+15550100002",
        "entry_skill": office.brand.sales,
    }
    made = (await as_ada.post("/v1/lines", json=new)).json()
    assert made["segments_per_second"] is None
    path = f"/v1/lines/{made['id']}"
    for wanted in (12.5, None):
        changed = await as_ada.patch(path, json={"segments_per_second": wanted})
        assert changed.json()["segments_per_second"] == wanted
    for wrong in (0, -1, 1001, "fast"):
        refused = await as_ada.patch(path, json={"segments_per_second": wrong})
        assert refused.status_code == 422
    await as_ada.delete(path)
    paced = await as_ada.post("/v1/lines", json=new | {"segments_per_second": 3})
    assert paced.json()["segments_per_second"] == 3


async def test_how_long_texts_may_wait_is_a_connectors_setting(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/connectors/{office.brand.account_id}-twilio"
    assert (await as_ada.get(path)).json()["give_up_seconds"] == 4 * 3600
    changed = await as_ada.patch(path, json={"give_up_seconds": 600})
    assert changed.json()["give_up_seconds"] == 600
    for wrong in (1, 4 * 86400, None):
        assert (await as_ada.patch(path, json={"give_up_seconds": wrong})).status_code == 422
