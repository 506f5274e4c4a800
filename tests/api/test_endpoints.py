"""Endpoints over HTTP: made, changed, looked at, and only by admins."""

import httpx2
from sqlalchemy import select

from database.tables import Endpoint, Idempotency
from tests.api.conftest import Office

NEW = {
    "name": "Warehouse",
    "url": "https://example.com/hooks",
    "kinds": ["message_added", "conversation_closed"],
}


async def test_a_secret_is_shown_once_and_kept_nowhere_in_a_readable_form(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "once"}
    made = (await as_ada.post("/v1/endpoints", json=NEW, headers=key)).json()
    assert made["secret"].startswith("whsec_")
    again = (await as_ada.post("/v1/endpoints", json=NEW, headers=key)).json()
    assert again == made
    async with office.sessions() as session:
        answers = (await session.scalars(select(Idempotency.body))).all()
        [kept] = (await session.scalars(select(Endpoint.secret))).all()
    assert made["secret"] not in f"{answers}{kept!r}"
    path = f"/v1/endpoints/{made['id']}"
    assert "secret" not in (await as_ada.get(path)).json()
    rotated = (await as_ada.post(f"{path}/secret", json={"overlap_hours": 1})).json()
    assert rotated["secret"] != made["secret"]
    assert rotated["previous_secret_until"]


async def test_what_is_chosen_can_be_changed_and_what_is_wrong_is_named(
    as_ada: httpx2.AsyncClient,
) -> None:
    made = (await as_ada.post("/v1/endpoints", json=NEW)).json()
    path = f"/v1/endpoints/{made['id']}"
    change = {"kinds": None, "includes_texts": True}
    changed = (await as_ada.patch(path, json=change)).json()
    assert (changed["kinds"], changed["includes_texts"]) == (None, True)
    for wrong, says in (
        ({"url": "https://localhost/hooks"}, "private network"),
        ({"url": "https://me:secret@example.com"}, "no password"),
        ({"url": "ftp://example.com"}, "must begin with https://"),
    ):
        refused = await as_ada.patch(path, json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "url_refused")
        assert says in refused.json()["detail"]
    assert (await as_ada.patch(path, json={"kinds": []})).status_code == 422
    assert (await as_ada.patch(path, json={"kinds": ["no_such"]})).status_code == 422
    assert (await as_ada.post(f"{path}/replay", json={"event_id": 2**62})).status_code == 422
    assert (
        await as_ada.post(f"{path}/replay", json={"since": "2026-01-01T00:00"})
    ).status_code == 422


async def test_it_is_paused_resumed_tested_replayed_and_retired(
    as_ada: httpx2.AsyncClient,
) -> None:
    made = (await as_ada.post("/v1/endpoints", json=NEW)).json()
    path = f"/v1/endpoints/{made['id']}"
    paused = (await as_ada.post(f"{path}/pause")).json()
    assert (paused["pause_reason"], paused["pause_sentence"]) == (
        "by_hand",
        "It was paused by hand.",
    )
    assert (await as_ada.post(f"{path}/resume")).json()["paused_at"] is None
    since = {"since": "2026-01-01T00:00:00Z"}
    first = (await as_ada.post(f"{path}/replay", json=since)).json()["first_event_id"]
    assert (await as_ada.get(path)).json()["read_to"] == first - 1
    assert (await as_ada.post(f"{path}/test")).json()["webhook_id"].startswith("ping_")
    for listed in ("attempts", "deliveries"):
        assert (await as_ada.get(f"{path}/{listed}")).json() == {"items": [], "next": None}
    assert (await as_ada.delete(path)).status_code == 204
    assert (await as_ada.post(f"{path}/resume")).status_code == 409
    assert (await as_ada.get("/v1/endpoints")).json()["items"] == []


async def test_only_admins_see_endpoints(office: Office) -> None:
    async with office.person(office.brand.mia) as manager:
        for path in ("/v1/endpoints", "/v1/event-types"):
            assert (await manager.get(path)).status_code == 403
