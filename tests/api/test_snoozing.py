"""Snoozed conversations: out of the list, out of the load, and back."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import update

from database.queries import agents, releases, staffing
from database.tables import Account, Agent, Conversation
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually


@pytest.fixture
async def address(office: Office, centre: Centre) -> str:
    """A conversation that Ann holds and whose consumer waits."""
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


def later(**span: float) -> dict[str, str | None]:
    return {"until": (datetime.now(UTC) + timedelta(**span)).isoformat()}


async def in_view(client: httpx2.AsyncClient, view: str) -> int:
    answer = await client.get("/v1/conversations", params={"view": view})
    return len(answer.json()["items"])


async def loads(office: Office, centre: Centre) -> list[float]:
    """Return Ann's load, as pages and as the router count it in both modes."""
    ann = office.brand.ann.agent_id
    found: list[float] = []
    async with centre.sessions.begin() as session:
        found.append((await agents.loads(session, [ann])).get(ann, 0))
        for mode in ("plain", "weighted"):
            await session.execute(update(Account).values(capacity_mode=mode))
            now = datetime.now(UTC)
            staff = await staffing.load_staffing(session, office.brand.account_id, now)
            found += [one.load for one in staff.agents if one.agent_id == ann]
    return found


async def test_it_leaves_the_list_and_the_load_and_comes_back_with_the_consumers_text(
    office: Office, centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    async with centre.sessions.begin() as session:
        await session.execute(update(Agent).values(state="online"))
    assert await loads(office, centre) == [1, 1, 1]
    assert (await as_ann.post(f"{address}/snooze", json=later(hours=20))).status_code == 200
    shown = (await as_ann.get(address)).json()
    assert (shown["status"], shown["agent_id"]) == ("assigned", office.brand.ann.agent_id)
    assert shown["snoozed_at"]
    assert shown["snoozed_until"]
    assert "snooze_ends" in [one["kind"] for one in shown["deadlines"]]
    assert (await in_view(as_ann, "mine"), await in_view(as_ann, "snoozed")) == (0, 1)
    assert await loads(office, centre) == [0, 0, 0]

    await centre.text("hello?")

    async def awake() -> bool:
        return (await centre.conversation()).snoozed_at is None

    await eventually(awake)
    assert (await in_view(as_ann, "mine"), await in_view(as_ann, "snoozed")) == (1, 0)
    assert await loads(office, centre) == [1, 1, 1]


async def test_it_is_snoozed_until_a_text_and_brought_back_by_hand(
    address: str, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    for body in (later(days=91), later(seconds=5), {"until": "2027-01-01T09:00:00"}, {}):
        assert (await as_ann.post(f"{address}/snooze", json=body)).status_code == 422
    assert (await as_ann.post(f"{address}/snooze", json={"until": None})).status_code == 200
    shown = (await as_ann.get(address)).json()
    assert shown["snoozed_at"]
    assert shown["snoozed_until"] is None
    assert (await as_ben.post(f"{address}/end-snooze")).status_code == 404
    assert (await as_ann.post(f"{address}/end-snooze")).status_code == 200
    assert (await as_ann.get(address)).json()["snoozed_at"] is None
    assert (await as_ann.post(f"{address}/end-snooze")).status_code == 200  # nothing to end


async def test_an_agent_who_is_gone_keeps_what_is_snoozed_unless_somebody_waits(
    office: Office, centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    async def released() -> int:
        async with centre.sessions.begin() as session:
            return len(await releases.claim_abandoned(session, limit=10))

    long_ago = datetime.now(UTC) - timedelta(hours=1)
    async with centre.sessions.begin() as session:
        await session.execute(update(Account).values(release_after_seconds=60))
        gone = update(Agent).where(Agent.id == office.brand.ann.agent_id)
        await session.execute(gone.values(state="offline", state_since=long_ago))
    assert (await as_ann.post(f"{address}/snooze", json=later(hours=20))).status_code == 200
    assert await released() == 1  # the consumer's first text has no answer yet
    async with centre.sessions.begin() as session:
        await session.execute(update(Conversation).values(waiting_since=None))
    assert await released() == 0
