"""Walks every route of API and pages as everybody who may call: the router says which there are,
and the services which role they require, and for what they change which scope of a token.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.caller import get_caller
from api.scopes import declared
from application.routes import shared_routes
from database.queries import operators
from domain.people.roles import Role
from security.passwords import OPERATOR_PREFIX, digest, new_secret
from services.caller import RANKS
from tests.api.asking import Seen, asking
from tests.api.conftest import Office
from tests.api.documented import OPERATIONS, example
from tests.examples import is_nightly

REFUSED = (303, 401, 403, 404, 409, 422)
ENDING = ("close", "retire", "sessions", "log-out", "opt-out", "take-over")


@dataclass(frozen=True)
class Walked:
    """A way to call a route."""

    method: str
    path: str
    dependant: Dependant

    @property
    def is_of_the_api(self) -> bool:
        return (self.method, self.path) in OPERATIONS

    @property
    def asks_who_calls(self) -> bool:
        return _depends_on(self.dependant, get_caller)

    @property
    def ends_something(self) -> tuple[bool, bool]:
        """Return what to go by, so that nothing is gone before the rest was called."""
        is_last = self.method == "DELETE" or any(word in self.path for word in ENDING)
        return (is_last, self.method != "GET")

    @property
    def body(self) -> Mapping[str, Any]:
        if self.is_of_the_api:
            return {"json": example(self.method, self.path)}
        return {"data": dict.fromkeys(_form(self.dependant), "x")}


def _depends_on(dependant: Dependant, call: object) -> bool:
    return dependant.call is call or any(_depends_on(each, call) for each in dependant.dependencies)


def _form(dependant: Dependant) -> set[str]:
    inner = [_form(each) for each in dependant.dependencies]
    return {each.alias for each in dependant.body_params}.union(*inner)


WALK = sorted(
    (
        Walked(method, route.path, route.dependant)
        for route in iter_route_contexts(shared_routes())
        if route.path and route.dependant
        for method in sorted(route.methods or ())
    ),
    key=lambda walked: walked.ends_something,
)


@dataclass(frozen=True)
class Somebody:
    """Who calls, and the role they have in the account."""

    name: str
    role: Role | None
    client: httpx2.AsyncClient

    def has(self, role: Role) -> bool:
        return self.role is not None and RANKS[self.role] >= RANKS[role]


@pytest.fixture
async def everybody(office: Office) -> AsyncIterator[list[Somebody]]:
    """Everybody who may call, those of the lowest roles first."""
    brand, token = office.brand, new_secret(OPERATOR_PREFIX)
    async with office.sessions.begin() as session:
        await operators.add(session, "Olga", digest(token))
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        programs = [
            Somebody(f"{role}'s program", role, await enter(office.program(role))) for role in Role
        ]
        people = [
            Somebody(actor.name, actor.role, await enter(office.person(actor)))
            for actor in (brand.ann, brand.mia, office.ada)
        ]
        nobody = Somebody("nobody", None, await enter(office.calling()))
        operator = Somebody("an operator", None, await enter(office.calling(token)))
        in_accounts = sorted([*programs, *people], key=lambda who: RANKS[who.role or Role.agent])
        yield [nobody, operator, *in_accounts]


@pytest.mark.parametrize(
    "walk",
    [
        [walked for walked in WALK if walked.method == "GET"],
        [walked for walked in WALK if walked.method != "GET" and walked.is_of_the_api],
        [walked for walked in WALK if walked.method != "GET" and not walked.is_of_the_api],
    ],
    ids=["looking", "the API", "pages"],
)
async def test_nobody_does_more_than_their_role_and_nobody_meets_a_fault(
    walk: list[Walked],
    things: dict[str, str],
    everybody: list[Somebody],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    required = set()
    with asking(monkeypatch) as seen:
        for number, walked in enumerate(walk):
            callers = everybody if is_nightly() else _in_turn(everybody, number)
            answers = [(who, await _call(who, walked, things)) for who in callers]
            role = _required([seen[request_id] for _, (request_id, _) in answers])
            required.add(role)
            for who, (request_id, status) in answers:
                _check(walked, who, role, status, seen[request_id])
    assert required >= set(Role)


def _in_turn(everybody: list[Somebody], number: int) -> list[Somebody]:
    """Return one caller of each role, a person at one route and a program at the next, and one who
    has no role.
    """
    by_role: dict[Role | None, list[Somebody]] = defaultdict(list)
    for who in everybody:
        by_role[who.role].append(who)
    return [same[number % len(same)] for same in by_role.values()]


async def _call(who: Somebody, walked: Walked, things: Mapping[str, str]) -> tuple[str, int]:
    """Call a route; returns the request's id and the answer's status."""
    request_id = uuid4().hex
    headers = {"X-Request-ID": request_id, "Idempotency-Key": request_id, "HX-Request": "true"}
    path = walked.path.format_map(defaultdict(lambda: "1", things))
    async with who.client.stream(walked.method, path, headers=headers, **walked.body) as answer:
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            return request_id, answer.status_code
        await answer.aread()
        return request_id, answer.status_code


def _required(requests: list[Seen]) -> Role | None:
    """Return the role a route requires, None where it asks nobody."""
    roles = [role for each in requests if (role := each.required())]
    return max(roles, key=RANKS.__getitem__, default=None)


def _check(walked: Walked, who: Somebody, required: Role | None, status: int, seen: Seen) -> None:
    told = (walked.method, walked.path, who.name, status, seen)
    assert status < 500, told
    if walked.asks_who_calls and who.role is None:
        assert status in (303, 401), told
    if required and not who.has(required):
        assert status in REFUSED, told
        assert not seen.writes, told
    needed = declared(walked.dependant)
    scopes = set(needed.scopes(walked.method)) if needed else set()
    if seen.writes and walked.is_of_the_api:
        assert scopes <= seen.required_scopes("services."), told
    if seen.writes and walked.asks_who_calls:
        assert seen.required("services.") == seen.required(), told
