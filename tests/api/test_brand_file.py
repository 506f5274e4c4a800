"""A brand's whole configuration, by the API."""

import httpx2

from tests.api.conftest import Office
from tests.services.brand_files import FULL, SECRETS

SMALL = "version: 1\nlabels:\n  - name: Refund\n    colour: red\n"


async def test_a_file_is_exported_planned_and_applied_once(
    office: Office, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    exported = await as_ada.get("/v1/configuration")
    assert exported.headers["content-type"].startswith("application/yaml")
    assert "credentials: to be given" in exported.text
    whole = (await as_ada.get("/v1/configuration", params={"defaults": True})).text
    assert "auto_close: 90 days" in whole
    assert "auto_close: 90 days" not in exported.text
    same = (await as_ada.post("/v1/configuration/plan", json={"file": whole})).json()
    assert (same["steps"], same["mistakes"]) == ([], [])
    plan = (await as_ada.post("/v1/configuration/plan", json={"file": SMALL})).json()
    assert [(one["verb"], one["kind"], one["name"]) for one in plan["steps"]] == [
        ("add", "label", "Refund")
    ]
    assert (await as_ada.get("/v1/labels")).json()["items"] == []
    asked = {"file": SMALL, "plan": plan["plan"]}
    done = await as_ada.post("/v1/configuration/apply", json=asked)
    assert len(done.json()["steps"]) == 1, done.text
    again = await as_ada.post("/v1/configuration/apply", json=asked)
    assert (again.status_code, again.json()["code"]) == (409, "configuration_changed")
    plan = (await as_ada.post("/v1/configuration/plan", json={"file": SMALL})).json()
    assert plan["steps"] == []
    asked = {"file": SMALL, "plan": plan["plan"]}
    assert (await as_ada.post("/v1/configuration/apply", json=asked)).json()["steps"] == []
    for path in ("plan", "apply"):
        refused = await as_mia.post(f"/v1/configuration/{path}", json={"file": "", "plan": "x"})
        assert refused.status_code in (403, 422)
    assert (await as_mia.get("/v1/configuration")).status_code == 403


async def test_credentials_come_beside_the_file_and_a_bad_file_is_a_problem(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    text = FULL.replace("name: Twilio", "name: Second").replace(
        "connector: Twilio", "connector: Second"
    )
    plan = (await as_ada.post("/v1/configuration/plan", json={"file": text})).json()
    assert plan["to_give"][0]["connector"] == "Second"
    assert "auth_token" in plan["to_give"][0]["fields"]
    asked = {"file": text, "plan": plan["plan"]}
    refused = await as_ada.post("/v1/configuration/apply", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "configuration_unfit")
    given = {"Second": SECRETS["Twilio"]}
    done = await as_ada.post("/v1/configuration/apply", json=asked | {"credentials": given})
    assert done.status_code == 200, done.text
    assert "secret of theirs" not in done.text
    bad = await as_ada.post("/v1/configuration/apply", json={"file": "version: [", "plan": "x"})
    assert (bad.status_code, bad.json()["code"]) == (422, "configuration_unreadable")
    large = await as_ada.post(
        "/v1/configuration/plan", json={"file": "version: 1\n" + "#" * 2_000_000}
    )
    assert "larger than 2 MB" in large.json()["mistakes"][0]["sentence"]
