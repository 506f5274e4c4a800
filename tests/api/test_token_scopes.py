"""Tokens that are limited to scopes do that and nothing else, whichever way they go."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2

from domain.people.token_scopes import TokenScope
from tests.api.conftest import Office
from tests.api.documented import DOCUMENT, OPERATIONS, address, example
from tests.api.test_problems import check

ANY_TOKEN = {
    ("POST", "/v1/sessions"),
    ("DELETE", "/v1/sessions/current"),
    ("GET", "/v1/me"),
    ("PUT", "/v1/me/password"),
}
OF_THE_API = [(method, path) for method, path in OPERATIONS if path.startswith(("/v1", "/codec"))]


def scopes_of(method: str, path: str) -> list[str]:
    """Return the scopes that the document says an operation needs, that of its area first."""
    security: list[dict[str, Any]] = DOCUMENT["paths"][path][method.lower()].get("security", [])
    return [scope for one in security for scope in one.get("HTTPBearer", [])]


async def made(as_ada: httpx2.AsyncClient, *scopes: str, role: str = "admin") -> dict[str, Any]:
    answer = await as_ada.post(
        "/v1/tokens", json={"name": "P", "role": role, "scopes": list(scopes)}
    )
    assert answer.status_code == 201, answer.text
    token: dict[str, Any] = answer.json()
    return token


def calling(office: Office, token: dict[str, Any]) -> AbstractAsyncContextManager[Any]:
    return office.calling(token["token"])


def test_every_operation_says_its_scope() -> None:
    without = {one for one in OF_THE_API if not scopes_of(*one)}
    assert without == ANY_TOKEN
    known = {str(one) for one in TokenScope}
    for method, path in set(OF_THE_API) - ANY_TOKEN:
        own, *others = scopes_of(method, path)
        assert {own, *others} <= known, (method, path)
        if method == "GET":
            assert own.endswith(":read"), (method, path)


async def test_a_token_without_the_scope_of_an_operation_is_refused_by_its_name(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    token = await made(as_ada, "bots:read")
    async with calling(office, token) as program:
        for method, path in OF_THE_API:
            scopes = scopes_of(method, path)
            if not set(scopes) - {"bots:read"}:
                continue
            scope = scopes[0]
            answer = await program.request(method, address(path), json=example(method, path))
            problem = check(answer, 403, "scope_missing")
            assert str(scope) in str(problem["detail"]), (method, path)
            assert f'scope="{scope}"' in answer.headers["WWW-Authenticate"]
        assert (await program.get("/v1/me")).status_code == 200
        page = await program.get("/workspace", headers={"X-Agent": office.brand.ann.agent_id})
        assert page.status_code == 403


async def test_scopes_take_away_and_add_nothing(office: Office, as_ada: httpx2.AsyncClient) -> None:
    token = await made(as_ada, "settings:read", "settings:write", role="agent")
    async with calling(office, token) as program:
        assert (await program.get("/v1/skills")).status_code == 200
        check(await program.post("/v1/skills", json={"name": "Sales"}), 403, "not_allowed")
    everything = (await as_ada.post("/v1/tokens", json={"name": "All", "role": "admin"})).json()
    assert everything["scopes"] is None
    async with calling(office, everything) as program:
        assert (await program.get("/v1/conversations")).status_code == 200


async def test_scopes_are_changed_from_the_next_request_on(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    token = await made(as_ada, "settings:read")
    address = f"/v1/tokens/{token['id']}"
    async with calling(office, token) as program:
        check(await program.get("/v1/conversations"), 403, "scope_missing")
        changed = await as_ada.patch(address, json={"scopes": ["conversations:read"]})
        assert changed.json()["scopes"] == ["conversations:read"]
        assert (await program.get("/v1/conversations")).status_code == 200
        check(await program.get("/v1/skills"), 403, "scope_missing")
        await as_ada.patch(address, json={"scopes": None})
        assert (await program.get("/v1/skills")).status_code == 200


async def test_a_token_gives_no_scope_that_it_does_not_have(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    token = await made(as_ada, "tokens:read", "tokens:write", "settings:read")
    body = {"name": "Child", "role": "admin"}
    async with calling(office, token) as program:
        for scopes in (None, ["conversations:read"], ["settings:read", "settings:write"]):
            answer = await program.post("/v1/tokens", json=body | {"scopes": scopes})
            check(answer, 403, "not_allowed")
        raised = await program.patch(f"/v1/tokens/{token['id']}", json={"scopes": None})
        check(raised, 403, "not_allowed")
        child = await program.post("/v1/tokens", json=body | {"scopes": ["settings:read"]})
        assert child.status_code == 201


async def test_unknown_and_no_scopes_are_refused_by_name(as_ada: httpx2.AsyncClient) -> None:
    for scopes in (["conversations:delete"], [], ["*"], "settings:read", [None]):
        body = {"name": "P", "role": "agent", "scopes": scopes}
        problem = check(await as_ada.post("/v1/tokens", json=body), 422, "malformed")
        assert "body.scopes" in str(problem["errors"])
    twice = ["settings:read", "settings:read"]
    made_twice = {"name": "P", "role": "agent", "scopes": twice}
    assert (await as_ada.post("/v1/tokens", json=made_twice)).json()["scopes"] == twice[:1]
