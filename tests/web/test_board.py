"""The board: who sees it, what it shows, and that it is live."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
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
from workflows.conversation.messages import Actor

PATHS = ("/board", "/board/boot", "/board/stream")


async def log_in(office: Office, who: Actor) -> None:
    async with office.person(who) as person:
        state = {"state": "online"}
        assert (await person.put(f"/v1/agents/{who.agent_id}/state", json=state)).status_code == 200


def shows_online(agent_id: str) -> Callable[[Answer], bool]:
    """Say of a message whether it shows an agent online."""

    def is_it(message: Answer) -> bool:
        agents = message.agents if isinstance(message, BoardMessage) else ()
        found = [one.agent.state for one in agents if one.agent.id == agent_id]
        return found == [AgentState.online]

    return is_it


def people(told: BoardMessage) -> set[str]:
    return {one.agent.id for one in told.agents}


def waited_for(told: BoardMessage) -> set[str]:
    return {one.skill_id for one in told.queues}


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
    async with browsing(office.brand.mia) as mia, following(mia) as stream:
        first = await whole(stream)
        assert people(first) >= {ann, office.brand.ben.agent_id}
        await log_in(office, office.brand.ann)
        last = boards(await stream.until(shows_online(ann)))[-1]
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


async def test_boards_of_a_team_and_of_the_account_are_each_told_what_is_theirs(
    office: Office, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    mia_id, ben, ann = brand.mia.agent_id, brand.ben.agent_id, brand.ann.agent_id
    team = {"name": "Sales team", "skills": [brand.sales], "people": [mia_id, ben]}
    assert (await as_ada.post("/v1/teams", json=team)).status_code == 201
    async with (
        browsing(office.ada) as ada,
        browsing(brand.mia) as mia,
        following(ada) as of_all,
        following(mia) as of_team,
    ):
        every, theirs = await whole(of_all), await whole(of_team)
        assert people(every) >= {ann, ben, mia_id}
        assert waited_for(every) == {brand.support, brand.sales}
        assert (people(theirs), waited_for(theirs)) == ({mia_id, ben}, {brand.sales})
        for who in (brand.ann, brand.ben):
            await log_in(office, who)
            await of_all.until(shows_online(who.agent_id))
        later = boards(await of_team.until(shows_online(ben)))
    assert set().union(*map(people, later)) == {ben}, "nobody of other teams"
    assert not any(one.is_whole for one in later)


async def test_a_board_that_is_open_shows_the_team_alone_once_its_manager_is_in_one(
    office: Office, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    team = {"name": "Sales team", "skills": [brand.sales], "people": [brand.mia.agent_id]}
    async with browsing(brand.mia) as mia, following(mia) as stream:
        assert waited_for(await whole(stream)) == {brand.support, brand.sales}
        assert (await as_ada.post("/v1/teams", json=team)).status_code == 201
        came = await stream.until(lambda one: isinstance(one, BoardMessage) and one.is_whole)
        theirs = boards(came)[-1]
        assert (people(theirs), waited_for(theirs)) == ({brand.mia.agent_id}, {brand.sales})
