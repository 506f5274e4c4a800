"""An export holds what its filters of all conversations find."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from database.tables import Team, TeamMember
from domain.conversation.kinds import EventKind, Status
from domain.exporting.kinds import ExportKind
from media.store import MediaStore, folder
from tests.reporting.recording import Recorder
from tests.reporting.test_exports import Exporting
from tests.services.callers import person


async def test_teams_answers_and_ids_limit_an_export(recorder: Recorder, tmp_path: Path) -> None:
    brand = recorder.brand
    teams = {"closers": [brand.ben], "ones": [brand.ann]}
    async with recorder.sessions.begin() as session:
        for team, people in teams.items():
            session.add(Team(id=team, account_id=brand.account_id, name=team))
            await session.flush()
            session.add_all(TeamMember(team_id=team, agent_id=one.agent_id) for one in people)
    numbers = ("+15550101", "+15550102", "+15550103")
    made = [await recorder.conversation(Status.closed, number=one) for one in numbers]
    mia = person(brand.account_id, brand.mia)
    exporting = Exporting(recorder, MediaStore(lambda: folder(tmp_path)), mia, made)
    answers = [{"question": "recommend", "value": 2}, {"question": "resolved", "value": 0}]
    first, second, third = made
    await recorder.change(first, survey_answers=answers, closed_by=brand.ben.agent_id)
    await recorder.change(second, closed_by=brand.ben.agent_id)
    for one in (first, second):
        await recorder.happens(one, EventKind.survey_answered)
    await recorder.record()

    async def ids(**filters: Any) -> set[str]:
        its: dict[str, Any] = {"filters": filters, "columns": ["conversation_id"]}
        asked = await exporting.ask(kind=ExportKind.conversations, **its)
        rows = await exporting.rows(await exporting.make(asked))
        return {row["conversation_id"] for row in rows}

    assert await ids(nps_group=["detractor"]) == await ids(resolved=False) == {str(first)}
    assert await ids(team=["closers"]) == {str(first), str(second)}
    assert await ids(team=["closers"], nps=[0, 1]) == await ids(team=["ones"]) == set()
    some = [first, third, uuid4()]
    assert await ids(conversation=some) == {str(first), str(third)}
