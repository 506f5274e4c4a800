"""What programs can rely on at every operation: keys, cursors, and problems of one shape."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import func, select, update

from activities.maintenance import tidy
from database.engine import Sessions
from database.queries import idempotency
from database.tables import Idempotency
from tests.api.conftest import Office
from tests.api.documented import DOCUMENT, OPERATIONS
from tests.api.test_problems import check
from tests.fixtures.brand import Brand
from tests.fixtures.file_host import picture

WITHOUT_KEY = {
    "/v1/sessions": "a log-in, of which a person may have several",
    "/v1/automatic-messages/preview": "changes nothing",
    "/v1/routing/dry-run": "changes nothing",
    "/v1/bulk-jobs/count": "changes nothing",
    "/v1/configuration/plan": "changes nothing",
    "/v1/configuration/apply": "the same file changes nothing more, and its plan is another one",
    "/v1/bulk-jobs/{job_id}/cancel": "a job that is cancelled stays so",
    "/v1/consent-events/import": "imports each line once, however often it is sent",
    "/v1/consumers/import": "sets the same values again, however often it is sent",
    "/v1/batches/{batch_id}/recipients/csv": "adds each phone once; sent again, it goes on reading",
    "/v1/menus/{menu_id}/play": "changes nothing",
    "/v1/agents/{agent_id}/links": "the one before serves no longer",
    "/v1/connectors/{connector_id}/numbers": "makes each number a line once",
    "/v1/lines/{line_id}/set-up": "sets the same addresses again",
    "/v1/lines/{line_id}/answer-calls": "sets the same address again",
    "/v1/exports/{export_id}/cancel": "an export that is cancelled stays so",
    "/v1/export-buckets/{bucket_id}/try": "writes a file of its own, and deletes it",
    "/v1/lines/{line_id}/take-back": "what is taken back is forgotten",
}
WHOLE = {
    "/v1/providers": "as many as the product knows",
    "/v1/connectors/{connector_id}/health": "as many as there are checks",
    "/v1/connectors/{connector_id}/numbers": "as many as the provider's account has",
    "/v1/export-schedules": "twenty at most",
    "/v1/export-buckets": "ten at most",
    "/v1/lines/{line_id}/tests": "three at most",
    "/v1/event-types": "as many as the product knows",
    "/v1/reports/figures": "as many as the product knows",
    "/v1/me/push-subscriptions": "ten at most",
    "/v1/menus/{menu_id}/set-up": "as many as the menu has numbers; the provider is asked for each",
}
"""Lists that end by themselves."""
OF_SETTINGS = {"/v1/automatic-messages", "/v1/automatic-messages/timers", "/v1/surveys"}
"""Whole without a limit, as they have always been; in parts with one."""


def _operation(method: str, path: str) -> Any:
    return DOCUMENT["paths"][path][method.lower()]


def _parameters(method: str, path: str) -> set[str]:
    return {one["name"] for one in _operation(method, path).get("parameters", [])}


def test_every_post_that_creates_or_commands_takes_a_key() -> None:
    posts = [path for method, path in OPERATIONS if method == "POST" and path.startswith("/v1")]
    without = {path for path in posts if "Idempotency-Key" not in _parameters("POST", path)}
    assert without == set(WITHOUT_KEY)


def test_every_list_has_a_cursor() -> None:
    without = set()
    for method, path in OPERATIONS:
        if method != "GET" or not path.startswith("/v1"):
            continue
        content = _operation(method, path)["responses"]["200"].get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        name = schema.get("$ref", "").removeprefix("#/components/schemas/")
        schemas = DOCUMENT["components"]["schemas"]
        is_page = {"items", "next"} <= schemas.get(name, {}).get("properties", {}).keys()
        assert (is_page or path in OF_SETTINGS) == ("cursor" in _parameters(method, path)), path
        if schema.get("type") == "array":
            without.add(path)
    assert without == set(WHOLE)


async def test_a_repeated_request_gets_the_same_token_again_and_another_one_is_refused(
    as_ada: httpx2.AsyncClient,
) -> None:
    key, body = {"Idempotency-Key": "one"}, {"name": "P", "role": "agent"}
    first = await as_ada.post("/v1/tokens", json=body, headers=key)
    again = await as_ada.post("/v1/tokens", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert len((await as_ada.get("/v1/tokens")).json()["items"]) == 1
    other = await as_ada.post("/v1/tokens", json=body | {"role": "admin"}, headers=key)
    check(other, 409, "conflict")
    elsewhere = await as_ada.post("/v1/skills", json={"name": "S"}, headers=key)
    check(elsewhere, 409, "conflict")


async def test_uploads_and_opt_outs_are_done_once_by_their_key(
    things: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    media = f"/v1/conversations/{things['conversation_id']}/media"
    opt_out = f"/v1/consumers/{things['consumer_id']}/opt-out"
    for path, content, key in ((media, picture(), "up"), (opt_out, b"", "out")):
        headers = {"Idempotency-Key": key}
        first, again = [await as_ada.post(path, content=content, headers=headers) for _ in "ab"]
        assert first.status_code < 300, first.text
        assert again.json() == first.json()
    unfit = await as_ada.post(media, content=b"no picture", headers={"Idempotency-Key": "odd"})
    check(unfit, 422, "picture_unfit")
    mended = await as_ada.post(media, content=picture(), headers={"Idempotency-Key": "odd"})
    assert mended.status_code == 201  # a refused request frees its key


async def test_a_cursor_belongs_to_its_list(
    things: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    conversation = f"/v1/conversations/{things['conversation_id']}"
    found = (await as_ada.get("/v1/agents?limit=1")).json()["next"]
    assert (await as_ada.get(f"/v1/agents?cursor={found}")).status_code == 200
    check(await as_ada.get(f"/v1/skills?cursor={found}"), 422, "invalid")
    events = (await as_ada.get(f"{conversation}/events?limit=1")).json()["next"]
    assert (await as_ada.get(f"{conversation}/events?cursor={events}")).status_code == 200
    check(await as_ada.get(f"{conversation}/transcript?cursor={events}"), 422, "invalid")
    elsewhere = f"/v1/conversations/{uuid4()}/events?cursor={events}"
    check(await as_ada.get(elsewhere), 422, "invalid")


async def test_bots_endpoints_menus_and_calls_do_each_command_once_by_its_key(
    things: dict[str, str], office: Office, as_ada: httpx2.AsyncClient
) -> None:
    endpoint, bot = f"/v1/endpoints/{things['endpoint_id']}", f"/v1/bots/{things['bot_id']}"
    bot_like = {
        "name": "Twin",
        "url": "https://example.com/b",
        "fallback_skill": office.brand.sales,
    }
    design = {"line": office.brand.line_id}
    commands: dict[str, dict[str, Any]] = {
        "/v1/bots": bot_like,
        f"{bot}/secret": {},
        f"{bot}/resume": {},
        "/v1/menus": {"name": "Desk", "design": design},
        f"/v1/calls/{things['call_id']}/invite": {"pressed": {"keys": "1"}},
        "/v1/endpoints": {"name": "Twin", "url": "https://example.com/twin"},
        f"{endpoint}/secret": {},
        f"{endpoint}/pause": {},
        f"{endpoint}/resume": {},
        f"{endpoint}/test": {},
        f"{endpoint}/replay": {"event_id": int(things["event_id"])},
        f"{endpoint}/deliveries/{things['event_id']}/replay": {},
    }
    for number, (path, body) in enumerate(commands.items()):
        key = {"Idempotency-Key": f"command-{number}"}
        first, again = [await as_ada.post(path, json=body, headers=key) for _ in "ab"]
        assert first.status_code < 300, (path, first.text)
        assert (again.status_code, again.json()) == (first.status_code, first.json()), path
    pause = {"Idempotency-Key": f"command-{list(commands).index(f'{endpoint}/pause')}"}
    await as_ada.post(f"{endpoint}/pause", headers=pause)  # late: it was resumed since
    assert (await as_ada.get(endpoint)).json()["paused_at"] is None
    for listed, names in (("bots", ["Robo", "Twin"]), ("menus", ["Desk", "Hotline"])):
        items = (await as_ada.get(f"/v1/{listed}")).json()["items"]
        assert sorted(one["name"] for one in items) == names


async def test_settings_are_read_whole_or_in_parts(as_ada: httpx2.AsyncClient) -> None:
    path = "/v1/automatic-messages"
    for language in ("en", "de", "fr"):
        text = {"event": "welcome", "text": "Hi", "language": language}
        assert (await as_ada.put(path, json=text)).status_code == 200
    whole = (await as_ada.get(path)).json()
    assert (len(whole["set"]), whole["next"]) == (3, None)
    first = (await as_ada.get(f"{path}?limit=2")).json()
    rest = (await as_ada.get(f"{path}?limit=2&cursor={first['next']}")).json()
    assert (len(first["set"]), len(rest["set"]), rest["next"]) == (2, 1, None)
    ids = [one["id"] for one in [*first["set"], *rest["set"]]]
    assert sorted(ids) == sorted(one["id"] for one in whole["set"])


async def test_a_body_that_is_not_said_to_be_json_is_refused(as_ada: httpx2.AsyncClient) -> None:
    form = "application/x-www-form-urlencoded"
    for kind in ("text/plain", form, "multipart/form-data; boundary=x", ""):
        headers = {"Content-Type": kind} if kind else {}
        answer = await as_ada.post("/v1/skills", content=b'{"name": "S"}', headers=headers)
        check(answer, 415, "unsupported_media_type")
    named = await as_ada.post(
        "/v1/skills", content=b'{"name": "S"}', headers={"Content-Type": "application/JSON"}
    )
    assert named.status_code == 201


async def test_a_method_that_an_address_does_not_take_is_answered_with_those_it_takes(
    as_ada: httpx2.AsyncClient,
) -> None:
    answer = await as_ada.put("/v1/skills")
    check(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, POST"
    one = await as_ada.post("/v1/tokens/token-1")
    assert one.headers["Allow"] == "DELETE, GET, PATCH"


async def test_the_board_targets_and_own_work_are_what_pages_show(
    things: dict[str, str], office: Office, as_mia: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    board = (await as_mia.get("/v1/board")).json()
    load = {one["agent"]["name"]: one["load"] for one in board["agents"]}
    assert load["Ann"] == 1
    assert {one["name"] for one in board["queues"]} >= {"Support", "Sales"}
    check(await as_ann.get("/v1/board"), 403, "not_allowed")
    path = f"/v1/conversations/{things['conversation_id']}/transfer-targets"
    targets = (await as_ann.get(path)).json()
    assert office.brand.ben.agent_id in [one["id"] for one in targets["agents"]]
    work = (await as_ann.get("/v1/me/work")).json()
    assert (work["mine"], work["unanswered"], work["offers"]) == (1, 1, [])
    assert work["ratings"] == {"answers": 0, "satisfied": 0, "percent": None}


async def test_old_answers_are_thrown_away_and_their_keys_free_again(
    session_factory: Sessions, brand: Brand
) -> None:
    request = idempotency.IdempotentRequest(brand.account_id, "ann", "1", "a reply")
    async with session_factory.begin() as session:
        await idempotency.claim(session, request, datetime.now(UTC))
        await idempotency.keep(session, request, idempotency.StoredAnswer(200, {"done": True}))
        old = datetime.now(UTC) - idempotency.KEPT
        await session.execute(update(Idempotency).values(created_at=old))
    await tidy(session_factory)
    async with session_factory() as session:
        assert await session.scalar(select(func.count()).select_from(Idempotency)) == 0
