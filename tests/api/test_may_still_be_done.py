"""A command without an answer: what callers are told, and how they find out."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from psycopg import OperationalError
from sqlalchemy import delete

from database.tables import AgentSkill, Idempotency
from domain.errors import ConversationNotAssigned, DomainError, MayStillBeDone
from embedded.ports import LOOPBACK
from temporal.conversations import ConversationClient
from tests.api.conftest import Office, served
from tests.fixtures.centre import Centre, eventually, working
from tests.fixtures.ports import own_port

NUMBER = "+15550123"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for an answer."""
    monkeypatch.setattr("temporal.conversations.COMMAND_TIMEOUT", timedelta(seconds=0.5))


@contextmanager
def giving_up_soon() -> Iterator[None]:
    """For a block, nobody waits long for a server that cannot be reached."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("temporal.conversations.REACH_TIMEOUT", timedelta(seconds=0.5))
        yield


@pytest.fixture
async def unattended(idle_centre: Centre) -> str:
    """A conversation that Ann holds, with no worker any more; its address."""
    async with working(idle_centre):
        return await _held(idle_centre)


@pytest.fixture
async def held(centre: Centre) -> str:
    """A conversation that Ann holds; its address."""
    return await _held(centre)


async def _held(centre: Centre) -> str:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


@pytest.fixture
async def ann_cut_off(
    office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx2.AsyncClient]:
    """Ann at another server of ours, one that does not reach Temporal."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"{LOOPBACK}:{own_port()}")
    async with served(settings) as url, replace(office, url=url).person(office.brand.ann) as ann:
        yield ann


@pytest.mark.usefixtures("hurried")
async def test_a_command_without_a_key_is_given_one_to_ask_with(
    unattended: str, idle_centre: Centre, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    late = await as_ann.post(f"{unattended}/replies", json={"text": "Hi"})
    assert (late.status_code, late.json()["code"]) == (503, "may_still_be_done")
    key = {"Idempotency-Key": late.json()["key"]}
    asking = f"{unattended}/commands/{late.json()['key']}"
    assert (await as_ann.get(asking)).json() == {"state": "may_still_be_done", "done": None}
    other = await as_ann.post(f"{unattended}/replies", json={"text": "Else"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")

    async def again() -> httpx2.Response | None:
        answer = await as_ann.post(f"{unattended}/replies", json={"text": "Hi"}, headers=key)
        return answer if answer.status_code != 503 else None

    async with working(idle_centre):
        done = await eventually(again)
    assert done
    assert done.status_code == 201
    assert [text for _, text in await idle_centre.spoken()].count("Hi") == 1
    assert (await as_ann.get(asking)).json() == {"state": "done", "done": done.json()}
    # It is hers alone to ask.
    assert (await as_mia.get(asking)).json()["state"] == "unknown"


@pytest.mark.usefixtures("hurried")
async def test_a_conversation_looks_for_what_an_unanswered_command_may_have_done(
    unattended: str, idle_centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    # A server of Temporal that restarts, or is too busy, forgets commands, but no signals.
    workflow_id = (await idle_centre.conversation()).workflow_id

    async def looks_again() -> bool:
        late = await as_ann.post(f"{unattended}/replies", json={"text": "Hi"})
        assert late.status_code == 503
        history = await idle_centre.client.get_workflow_handle(workflow_id).fetch_history()
        signals = [event.workflow_execution_signaled_event_attributes for event in history.events]
        return "look_again" in [signal.signal_name for signal in signals]

    await eventually(looks_again)  # a server that is too busy forgets even to be asked


async def test_what_did_not_reach_the_engine_is_not_done_and_its_key_is_free(
    held: str, centre: Centre, as_ann: httpx2.AsyncClient, ann_cut_off: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "k"}
    with giving_up_soon():
        refused = await ann_cut_off.post(f"{held}/replies", json={"text": "Hi"}, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert "key" not in refused.json()
    assert (await as_ann.get(f"{held}/commands/k")).json()["state"] == "unknown"
    other = await as_ann.post(f"{held}/replies", json={"text": "Hello"}, headers=key)
    assert other.status_code == 201
    assert ("agent", "Hi") not in await centre.spoken()


@pytest.mark.usefixtures("hurried")
async def test_what_may_be_done_is_not_called_undone_when_it_can_not_be_asked_about(
    unattended: str, as_ann: httpx2.AsyncClient, ann_cut_off: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "k"}
    late = await as_ann.post(f"{unattended}/replies", json={"text": "Hi"}, headers=key)
    assert (late.status_code, late.json()["code"]) == (503, "may_still_be_done")
    with giving_up_soon():
        late = await ann_cut_off.post(f"{unattended}/replies", json={"text": "Hi"}, headers=key)
    assert (late.status_code, late.json()["code"]) == (503, "may_still_be_done")


Done = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def losing_answers(name: str, instead: type[DomainError]) -> AsyncIterator[None]:
    """Make commands succeed and lose their answers."""
    do: Done = getattr(ConversationClient, name)

    async def done_unheard(*given: object, **named: object) -> None:
        await do(*given, **named)
        raise instead

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConversationClient, name, done_unheard)
        yield


@pytest.mark.parametrize("instead", [ConversationNotAssigned, MayStillBeDone])
async def test_a_transfer_that_was_done_is_answered_as_done(
    instead: type[DomainError], office: Office, held: str, as_ann: httpx2.AsyncClient
) -> None:
    async with losing_answers("command", instead):
        wanted = {"skill": office.brand.sales}
        answer = await as_ann.post(f"{held}/transfers", json=wanted)
    assert answer.status_code == 200, answer.text
    assert (await as_ann.get(held)).json()["skill_id"] == office.brand.sales


@pytest.mark.parametrize("instead", [ConversationNotAssigned, MayStillBeDone])
async def test_an_opening_that_was_done_is_answered_as_done(
    instead: type[DomainError], office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Hello"}
    async with losing_answers("open", instead):
        answer = await as_ann.post("/v1/conversations", json=new)
    assert answer.status_code == 201, answer.text
    assert answer.json()["conversation_id"] == str((await centre.conversation()).id)


async def test_what_was_done_is_not_refused_for_what_has_changed_since(
    office: Office, held: str, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    key, wanted = {"Idempotency-Key": "k"}, {"skill": office.brand.sales}
    first = await as_ann.post(f"{held}/transfers", json=wanted, headers=key)
    async with centre.sessions.begin() as session:
        await session.execute(delete(Idempotency))
        await session.execute(delete(AgentSkill).where(AgentSkill.skill_id == office.brand.sales))
    again = await as_ann.post(f"{held}/transfers", json=wanted, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_an_answer_that_can_not_be_kept_is_still_given(
    held: str, centre: Centre, as_ann: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OperationalError

    key = {"Idempotency-Key": "k"}
    monkeypatch.setattr("database.queries.idempotency.keep", away)
    answers = [
        await as_ann.post(f"{held}/replies", json={"text": "Hi"}, headers=key) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (await centre.spoken()).count(("agent", "Hi")) == 1
