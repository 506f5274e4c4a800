"""How much waits is counted for many at once, and again as soon as it may be another number."""

import psycopg
import pytest

from database.queries import work_counts
from database.queries.work_counts import Waiting
from domain.conversation.inputs import Person
from domain.people.roles import Role
from domain.people.teams import Led
from services.caller import Caller, Proof
from services.proving import Proven
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from web.workspace.queue_counts import QueueCounts

PROOF = Proof(b"", is_program=False, acts_for=None)


async def test_a_count_that_failed_is_made_again_although_the_queue_is_the_same(
    office: Office, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.workspace.queue_counts.AGAIN_SECONDS", 0)
    admin = Proven(Caller(office.brand.account_id, "x", Role.admin, None, PROOF), frozenset())
    counts, direct = QueueCounts(), office.sessions.direct
    assert await counts.seen(direct, admin, version=1) == 0
    await centre.text("hello")
    await centre.when("waiting")
    count = work_counts.waiting

    async def fails(*_: object) -> Waiting:
        raise psycopg.OperationalError

    monkeypatch.setattr(work_counts, "waiting", fails)
    with pytest.raises(psycopg.OperationalError):
        await counts.seen(direct, admin, version=2)
    monkeypatch.setattr(work_counts, "waiting", count)
    assert await counts.seen(direct, admin, version=2) == 1


async def test_a_manager_in_teams_who_gets_a_skill_is_told_what_waits_there(
    office: Office, centre: Centre
) -> None:
    await centre.text("hello")
    waiting = await centre.when("waiting")
    mia = office.brand.mia
    person = Person(mia.agent_id, mia.name, mia.role)
    of_no_team = Led(frozenset(), frozenset({mia.agent_id}))
    caller = Caller(office.brand.account_id, "x", mia.role, person, PROOF, led=of_no_team)
    counts, direct = QueueCounts(), office.sessions.direct
    assert await counts.seen(direct, Proven(caller, frozenset()), version=1) == 0
    with_skill = Proven(caller, frozenset({str(waiting.skill_id)}))
    assert await counts.seen(direct, with_skill, version=1) == 1
