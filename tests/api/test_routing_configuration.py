"""Where conversations go: fallbacks, transfer targets, keywords and the account's settings."""

from typing import Any

import httpx2
import pytest

from tests.api.conftest import Office


async def skill(admin: httpx2.AsyncClient, name: str, **more: Any) -> str:
    made = await admin.post("/v1/skills", json={"name": name, **more})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_fallbacks_may_be_chained_but_never_lead_back(as_ada: httpx2.AsyncClient) -> None:
    last = await skill(as_ada, "Last")
    middle = await skill(as_ada, "Middle", fallback_skill=last)
    first = await skill(as_ada, "First", fallback_skill=middle)
    refused = await as_ada.patch(f"/v1/skills/{last}", json={"fallback_skill": first})
    assert refused.status_code == 422
    assert "Last -> First -> Middle -> Last" in refused.json()["detail"]
    itself = await as_ada.patch(f"/v1/skills/{last}", json={"fallback_skill": last})
    assert "Last -> Last" in itself.json()["detail"]
    assert (await as_ada.get(f"/v1/skills/{last}")).json()["fallback_skill_id"] is None
    none = await as_ada.patch(f"/v1/skills/{first}", json={"fallback_skill": None})
    assert none.json()["fallback_skill_id"] is None
    again = await as_ada.patch(f"/v1/skills/{last}", json={"fallback_skill": first})
    assert again.status_code == 200


async def test_transfer_targets_are_all_none_or_listed(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/skills/{office.brand.support}"
    before = (await as_ada.get(path)).json()
    assert (before["transfer_targets"], before["transfer_skills"]) == ("all", [])
    change = {"transfer_targets": "listed", "transfer_skills": [office.brand.sales]}
    changed = (await as_ada.patch(path, json=change)).json()
    assert changed == before | change
    unknown = await as_ada.patch(path, json={"transfer_skills": ["nowhere"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "invalid")
    assert (await as_ada.delete(f"/v1/skills/{office.brand.sales}")).status_code == 204
    assert (await as_ada.get(path)).json()["transfer_skills"] == []


async def test_what_a_skill_weighs_and_promises_is_set(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/skills/{office.brand.support}"
    change = {
        "idle_after_seconds": 60,
        "idle_weight": 0.5,
        "response_seconds": 600,
        "first_response_seconds": 300,
        "thanks_shown_seconds": 0,
        "thanks_need_answer": True,
        "automatic_replies_seconds": 10,
    }
    changed = (await as_ada.patch(path, json=change)).json()
    assert {name: changed[name] for name in change} == change
    for odd in ({"idle_weight": 1.5}, {"response_seconds": 5}, {"idle_after_seconds": None}):
        assert (await as_ada.patch(path, json=odd)).status_code == 422


async def test_a_lines_keywords_are_folded_and_replaced_whole(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/lines/{office.brand.line_id}"
    sales = office.brand.sales
    change = {"keywords": [{"keyword": "ÓFFER!", "skill": sales}]}
    changed = (await as_ada.patch(path, json=change)).json()
    assert changed["keywords"] == [{"keyword": "offer", "skill": sales}]
    assert (await as_ada.patch(path, json={"priority": 1})).json()["keywords"] == changed[
        "keywords"
    ]
    assert (await as_ada.get("/v1/lines")).json()["items"][0]["keywords"] == changed["keywords"]
    assert (await as_ada.patch(path, json={"keywords": []})).json()["keywords"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["two words"], "not one word"),
        (["!"], "not one word"),
        (["Stop"], "already means STOP, START or HELP"),
        (["help"], "already means STOP, START or HELP"),
        (["offer", "Offer"], "given twice"),
    ],
)
async def test_keywords_that_could_not_work_are_refused(
    office: Office, as_ada: httpx2.AsyncClient, words: list[str], sentence: str
) -> None:
    keywords = [{"keyword": word, "skill": office.brand.sales} for word in words]
    refused = await as_ada.patch(f"/v1/lines/{office.brand.line_id}", json={"keywords": keywords})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert sentence in refused.json()["detail"]


async def test_a_skill_to_which_texts_still_come_is_not_retired(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    sales, support = office.brand.sales, office.brand.support
    line = f"/v1/lines/{office.brand.line_id}"
    ways = [
        ("/v1/account", {"default_skill": sales}, {"default_skill": None}, "default skill"),
        (
            line,
            {"keywords": [{"keyword": "buy", "skill": sales}]},
            {"keywords": []},
            "keyword",
        ),
        (
            f"/v1/skills/{support}",
            {"fallback_skill": sales},
            {"fallback_skill": None},
            "another skill's fallback",
        ),
    ]
    for path, given, taken, sentence in ways:
        assert (await as_ada.patch(path, json=given)).status_code == 200
        refused = await as_ada.delete(f"/v1/skills/{sales}")
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert sentence in refused.json()["detail"]
        assert (await as_ada.patch(path, json=taken)).status_code == 200
    assert (await as_ada.delete(f"/v1/skills/{sales}")).status_code == 204
    fallback = await as_ada.patch(f"/v1/skills/{support}", json={"fallback_skill": sales})
    assert (fallback.status_code, fallback.json()["code"]) == (409, "conflict")


async def test_how_an_account_routes_is_set(office: Office, as_ada: httpx2.AsyncClient) -> None:
    change = {
        "capacity_mode": "weighted",
        "accept_mode": "ring",
        "ring_timeout_seconds": 20,
        "missed_offers_allowed": 2,
        "affinity_seconds": 0,
        "has_warm_up": True,
        "release_after_seconds": 300,
        "fallback_when": "nobody_online",
        "response_seconds": 3600,
        "first_response_seconds": 900,
        "agent_silent_nudge_seconds": 120,
        "agent_silent_reroute_seconds": 600,
        "thanks_shown_seconds": 3600,
        "thanks_need_answer": True,
        "automatic_replies_seconds": 0,
    }
    changed = await as_ada.patch("/v1/account", json=change | {"default_skill": office.brand.sales})
    shown = changed.json()
    assert {name: shown[name] for name in change} == change
    assert shown["default_skill_id"] == office.brand.sales
    off = {"release_after_seconds": None, "response_seconds": None, "default_skill": None}
    assert (await as_ada.patch("/v1/account", json=off)).json()["release_after_seconds"] is None
    for odd in ({"accept_mode": "auction"}, {"ring_timeout_seconds": 0}, {"capacity_mode": None}):
        assert (await as_ada.patch("/v1/account", json=odd)).status_code == 422
    assert (await as_ada.patch("/v1/account", json={"default_skill": "x-y"})).status_code == 404
