import httpx2
import pytest
from sqlalchemy import text

from database.engine import Sessions
from tests.api.conftest import Office


def check(answer: httpx2.Response, status: int, code: str) -> dict[str, object]:
    """Check that an answer is a whole problem, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, object] = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:switchboard:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == answer.request.url.path
    return problem


async def test_unknown_addresses_and_methods_are_problems(as_ada: httpx2.AsyncClient) -> None:
    check(await as_ada.get("/v1/nothing"), 404, "not_found")
    check(await as_ada.get("/nothing"), 404, "not_found")
    check(await as_ada.patch("/v1/me"), 405, "method_not_allowed")


@pytest.mark.parametrize("body", [b"{", b"", b'{"name": }', b"\xff\xfe", b'{"a": "\\ud800'])
async def test_malformed_json_is_a_bad_request(as_ada: httpx2.AsyncClient, body: bytes) -> None:
    answer = await as_ada.post(
        "/v1/skills", content=body, headers={"Content-Type": "application/json"}
    )
    if body:
        check(answer, 400, "malformed_json")
    else:
        check(answer, 422, "malformed")


async def test_wrong_fields_are_named_and_what_was_sent_is_not_repeated(
    as_ada: httpx2.AsyncClient,
) -> None:
    body = {"name": "N", "email": "no address", "password": "short", "colour": "red"}
    problem = check(await as_ada.post("/v1/agents", json=body), 422, "malformed")
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {error["where"] for error in errors} == {"body.email", "body.password", "body.colour"}
    assert "short" not in str([error["message"] for error in errors]).replace("too_short", "")


@pytest.mark.parametrize("name", ["a\0b", "a\nb", " ", "x" * 81, 7, None])
async def test_names_are_one_line(as_ada: httpx2.AsyncClient, name: object) -> None:
    check(await as_ada.post("/v1/skills", json={"name": name}), 422, "malformed")


async def test_half_a_character_is_refused(as_ada: httpx2.AsyncClient) -> None:
    answer = await as_ada.post(
        "/v1/skills",
        content=rb'{"name": "\ud800"}',
        headers={"Content-Type": "application/json"},
    )
    check(answer, 422, "malformed")


async def test_a_body_that_is_too_large_is_refused(as_ada: httpx2.AsyncClient) -> None:
    answer = await as_ada.post("/v1/skills", json={"name": "x" * 300_000})
    check(answer, 413, "request_entity_too_large")


async def test_a_cursor_of_another_list_is_refused(as_ada: httpx2.AsyncClient) -> None:
    for path in ("/v1/conversations", "/v1/skills", "/v1/agents"):
        for cursor in ("x", "AAAA", "4pyT", "\x00", "ab\ncd"):
            check(await as_ada.get(path, params={"cursor": cursor}), 422, "invalid")


async def test_every_answer_carries_its_request_id(office: Office) -> None:
    async with office.calling() as nobody:
        given = await nobody.get("/v1/me", headers={"X-Request-ID": "abc-1"})
        odd = await nobody.get("/v1/me", headers={"X-Request-ID": "a b"})
    assert given.headers["X-Request-ID"] == "abc-1"
    assert odd.headers["X-Request-ID"] not in ("", "a b")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "no-store"


async def test_other_origins_may_not_read(office: Office, as_ada: httpx2.AsyncClient) -> None:
    answer = await as_ada.get("/v1/me", headers={"Origin": "https://elsewhere.test"})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_statement_that_is_cut_short_is_not_told_as_a_database_that_is_away(
    as_ada: httpx2.AsyncClient, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(
            text(
                "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$"
                " BEGIN RAISE EXCEPTION 'not free' USING ERRCODE = '55P03'; END $$"
            )
        )
        await session.execute(
            text("CREATE TRIGGER busy BEFORE INSERT ON skill EXECUTE FUNCTION busy()")
        )
    try:
        check(await as_ada.post("/v1/skills", json={"name": "Sales"}), 503, "database_busy")
    finally:  # the next test may use the same database
        async with session_factory.begin() as session:
            await session.execute(text("DROP FUNCTION busy() CASCADE"))
