"""Walks every route there is: strangers get nothing, and its own documented example works."""

import httpx2

from tests.api.conftest import Office
from tests.api.documented import DOCUMENT, NUMBERED, OPERATIONS, WORDS, address, example, takes_json
from tests.examples import is_nightly
from tests.fixtures.centre import Centre

OPEN = {("GET", "/health/live"), ("GET", "/health/ready"), ("POST", "/v1/sessions")}


OF_ONE_THING = [(method, path) for method, path in OPERATIONS if "{" in path]


async def test_without_credentials_nothing_is_answered(office: Office) -> None:
    async with office.calling() as nobody, office.calling("swt_forged") as forger:
        for method, path in set(OPERATIONS) - OPEN:
            body = example(method, path)
            for client in (nobody, forger):
                answer = await client.request(method, address(path), json=body)
                assert answer.status_code == 401, (method, path)
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.json()["code"] == "not_authenticated"


async def test_ids_of_another_account_are_not_there(
    things: dict[str, str], centre: Centre, strangers: Office
) -> None:
    before = await centre.spoken()
    async with strangers.person(strangers.ada) as zoe:
        for method, path in OF_ONE_THING:
            answer = await zoe.request(method, path.format(**things), json=example(method, path))
            assert answer.status_code == 404, (method, path, answer.text)
            assert answer.json()["code"] == "not_found"
    assert await centre.spoken() == before
    assert (await centre.conversation()).status == "assigned"


async def test_lists_of_another_account_are_empty_of_ours(
    things: dict[str, str], strangers: Office
) -> None:
    lists = [path for method, path in OPERATIONS if method == "GET" and "{" not in path]
    # Numbers stand elsewhere too: as labels of scales.
    telling = [thing for name, thing in things.items() if name not in (*NUMBERED, *WORDS)]
    async with strangers.person(strangers.ada) as zoe:
        for path in lists:
            if path.startswith("/v1") and path != "/v1/events":
                text = (await zoe.get(path)).text
                found = [thing for thing in telling if f'"{thing}"' in text]
                assert not found, (path, found)


async def test_ids_that_can_be_none_of_ours_are_not_there_either(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    every = ("%00", "Ünknown", "a'b", "x" * 300)
    for number, (method, path) in enumerate(OF_ONE_THING):
        if any(name in path for name in NUMBERED):
            continue  # a number, else malformed
        head, _, tail = path.partition("{")
        for odd in every if is_nightly() else (every[number % 4], every[(number + 1) % 4]):
            address = head + odd + tail.partition("}")[2]
            answer = await as_ada.request(method, address, json=example(method, path))
            assert answer.status_code == 404, (method, address, answer.text)


async def test_parameters_that_a_route_does_not_know_are_refused_by_name(
    things: dict[str, str], centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    before, settings = await centre.spoken(), (await as_ada.get("/v1/account")).json()
    of_the_api = [(method, path) for method, path in OPERATIONS if path.startswith("/v1")]
    assert len(of_the_api) > 50
    for method, path in of_the_api:
        operation = DOCUMENT["paths"][path][method.lower()]
        known = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
        for unknown in ("x", "limit "):
            answer = await as_ada.request(
                method, path.format(**things), params={unknown: "1"}, json=example(method, path)
            )
            assert answer.status_code == 422, (method, path, answer.text)
            [error] = answer.json()["errors"]
            assert answer.json()["code"] == "malformed"
            assert error["where"] == f"query.{unknown}"
            assert set(known) <= set(error["message"].replace(".", "").replace(",", "").split())
    assert await centre.spoken() == before
    assert (await as_ada.get("/v1/account")).json() == settings


async def test_parameters_that_a_route_knows_pass(
    things: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    for method, path in OPERATIONS:
        operation = DOCUMENT["paths"][path][method.lower()]
        known = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
        if method == "GET" and known and path != "/v1/events":
            answer = await as_ada.get(path.format(**things), params=dict.fromkeys(known, "x"))
            told = [error["message"] for error in answer.json().get("errors", [])]
            assert not [one for one in told if "not known" in one], (path, told)


async def test_a_parameter_that_has_one_value_is_not_taken_twice(
    things: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    for method, path in OPERATIONS:
        operation = DOCUMENT["paths"][path][method.lower()]
        for one in operation.get("parameters", []):
            if method != "GET" or one["in"] != "query" or path == "/v1/events":
                continue
            name, takes_many = one["name"], one["schema"].get("type") == "array"
            answer = await as_ada.get(path.format(**things), params=[(name, "1"), (name, "2")])
            told = [error["message"] for error in answer.json().get("errors", [])]
            assert ("Give this parameter once." in told) is not takes_many, (path, name, told)


async def test_health_checks_and_pages_mind_no_parameters(office: Office) -> None:
    async with office.calling() as nobody:
        assert (await nobody.get("/health/live?from=balancer")).status_code == 200
        assert (await nobody.get("/log-in?utm_source=mail")).status_code == 200


def test_every_body_has_an_example_and_every_error_is_a_problem() -> None:
    for method, path in OPERATIONS:
        operation = DOCUMENT["paths"][path][method.lower()]
        assert operation["summary"]
        if takes_json(method, path):
            assert example(method, path)
        if not path.startswith("/v1"):
            continue
        assert {"400", "401", "422", "503"} <= set(operation["responses"])
        assert "`malformed`" in operation["responses"]["422"]["description"]
        for status, answer in operation["responses"].items():
            assert "This is not possible now." not in answer["description"], (path, status)
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], path
