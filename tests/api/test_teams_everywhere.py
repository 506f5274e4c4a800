"""A manager in a team meets nothing of other teams, whichever way they ask."""

import httpx2

from tests.api.conftest import Office
from tests.api.documented import DOCUMENT, OPERATIONS, example

OF_CONVERSATIONS = (
    "conversation_id",
    "consumer_id",
    "batch_id",
    "file_id",
    "job_id",
    "text_id",
    "notification_id",
    "call_id",
)
"""Ids of what is of a skill or of the whole account, and so is not for managers of other skills."""


async def test_what_is_of_other_teams_is_not_there_for_a_manager_in_one(
    office: Office, things: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    team = {"name": "Elsewhere", "skills": [brand.sales], "people": [brand.mia.agent_id]}
    assert (await as_ada.post("/v1/teams", json=team)).status_code == 201
    asked = [one for one in OPERATIONS if any(f"{{{name}}}" in one[1] for name in OF_CONVERSATIONS)]
    assert len(asked) > 50
    async with office.person(brand.mia) as mia:
        for method, path in asked:
            answer = await mia.request(method, path.format_map(things), json=example(method, path))
            assert answer.status_code in (403, 404, 413, 415, 422), (method, path, answer.text)
            assert answer.status_code != 422 or method != "GET", (path, answer.text)
        routing = {"line": brand.line_id, "number": "+1 555 012 3456", "text": "hello"}
        tried = await mia.post("/v1/routing/dry-run", json=routing)
        assert tried.status_code == 403, tried.text
        told = {"line": brand.line_id, "text": "Hi", "title": "Spring", "number": "+15550100189"}
        refused = await mia.post("/v1/notifications", json=told | {"skill": brand.support})
        assert refused.status_code == 403, refused.text
        taken = await mia.post("/v1/notifications", json=told | {"skill": brand.sales})
        assert taken.status_code == 201, taken.text
        shown = await mia.get(f"/v1/notifications/{taken.json()['id']}")
        assert shown.status_code == 200


async def test_lists_have_nothing_of_other_teams_for_a_manager_in_one(
    office: Office, things: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    team = {"name": "Elsewhere", "skills": [brand.sales], "people": [brand.mia.agent_id]}
    await as_ada.post("/v1/teams", json=team)
    lists = [path for method, path in OPERATIONS if method == "GET" and "{" not in path]
    telling = {things[name] for name in OF_CONVERSATIONS}
    async with office.person(brand.mia) as mia:
        for path in lists:
            if not path.startswith("/v1") or path == "/v1/events":
                continue
            needs = DOCUMENT["paths"][path]["get"].get("parameters", [])
            if any(one["required"] for one in needs if one["in"] == "query"):
                continue
            text = (await mia.get(path)).text
            assert not [one for one in telling if one in text], path
