"""The board: who sees it, what it shows, and that it is live."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from api.schemas.shared import Answer
from database.tables import QueueEntry
from domain.people.roles import AgentState
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web import at_the_board, at_the_workspace
from tests.web.at_the_board import board, boards, following, whole
from tests.web.conftest import Browsing
from web.board.wire import BoardMessage

PATHS = ("/board", "/board/boot", "/board/stream")


async def test_agents_have_no_board_and_strangers_see_their_own(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    async with browsing(office.brand.ann) as ann:
        for path in PATHS:
            assert (await ann.get(path)).status_code == 403, path
        assert not (await at_the_workspace.boot(ann)).supervises
    async with office.calling() as nobody:
        answer = await nobody.get("/board")
        assert answer.headers["Location"] == "/log-in?next=%2Fboard"
        assert 'name="wanted" value="/board"' in (await nobody.get("/log-in?next=/board")).text
        assert 'value="/boardless"' not in (await nobody.get("/log-in?next=/boardless")).text
    async with browsing(strangers.ada) as zoe:
        assert '/board/board.js"></script>' in (await zoe.get("/board")).text
        shown = await at_the_board.boot(zoe)
        assert [one.agent.name for one in shown.board.agents] == ["Zoe"]
        assert office.brand.ann.agent_id not in shown.model_dump_json()
        assert office.brand.support not in shown.model_dump_json()


async def test_the_board_counts_waiting_and_overdue_conversations(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    late = datetime.now(UTC) - timedelta(minutes=1)
    async with office.sessions.begin() as session:
        await session.execute(update(QueueEntry).values(due_at=late))
    async with browsing(office.brand.mia) as mia:
        [queue] = [one for one in (await board(mia)).queues if one.waiting]
        assert (queue.skill_id, queue.waiting, queue.overdue) == (office.brand.support, 1, 1)
        assert (await at_the_board.boot(mia)).supervises


async def test_the_stream_brings_the_whole_board_and_then_what_has_changed(
    office: Office, browsing: Browsing
) -> None:
    ann = office.brand.ann.agent_id

    def is_online(message: Answer) -> bool:
        agents = message.agents if isinstance(message, BoardMessage) else ()
        return any(one.agent.id == ann and one.agent.state is AgentState.online for one in agents)

    async with browsing(office.brand.mia) as mia, following(mia) as stream:
        first = await whole(stream)
        assert {one.agent.id for one in first.agents} >= {ann, office.brand.ben.agent_id}
        async with office.person(office.brand.ann) as as_ann:
            await as_ann.put(f"/v1/agents/{ann}/state", json={"state": "online"})
        last = boards(await stream.until(is_online))[-1]
    assert not last.is_whole
    assert [one.agent.id for one in last.agents] == [ann]
    assert (last.queues, last.alerts, last.today) == ([], None, None)
    assert last.as_of > first.as_of


async def test_a_manager_sees_their_own_state_change(office: Office, browsing: Browsing) -> None:
    mia_id = office.brand.mia.agent_id
    async with browsing(office.brand.mia) as mia, following(mia) as stream:
        await whole(stream)
        async with office.person(office.brand.mia) as api:
            await api.put(f"/v1/agents/{mia_id}/state", json={"state": "back_soon"})
        came = await stream.words('"reasons"')
    assert '"state":"back_soon"' in came[-1].model_dump_json()


async def test_who_gets_other_rights_loads_the_board_again(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.mia) as mia, following(mia) as stream:
        await whole(stream)
        async with office.person(office.ada) as ada:
            path = f"/v1/agents/{office.brand.mia.agent_id}"
            answer = await ada.patch(path, json={"role": "admin"})
            assert answer.status_code == 200, answer.text
        await stream.words('"as_of":null')
