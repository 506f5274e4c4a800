"""The runbook "After a restore": its statements are read from the page, and played."""

import re
from datetime import UTC, datetime

from sqlalchemy import func, insert, select, text

from database.restored import STATEMENTS
from database.tables import Message, Operator
from tests.cli.test_doctor import Command, api_url, beating, command, said
from tests.docs.pages import ROOT
from tests.fixtures.centre import Centre, eventually

__all__ = ["api_url", "beating", "command"]

SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
PAGE = (ROOT / "docs" / "operations.md").read_text()


def told() -> list[str]:
    """Return the statements that the page says to run before anything starts."""
    [block] = SQL.findall(PAGE.partition("### After a restore")[2].partition("\n## ")[0])
    return [one.strip() for one in block.split(";") if one.strip()]


def test_the_page_and_the_command_line_end_the_same() -> None:
    assert told() == list(STATEMENTS)


async def test_the_statements_of_the_runbook_run_and_conversations_go_on(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    async with centre.sessions.begin() as session:
        of_then = {"name": "Ann", "token_hash": b"known to many", "created_at": datetime.now(UTC)}
        await session.execute(insert(Operator).values(of_then))
    async with centre.sessions.begin() as session:
        for statement in told():
            await session.execute(text(statement))
    async with centre.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Operator)) == 0
        unmarked = Message.status == "queued", Message.maybe_sent_since.is_(None)
        assert not await session.scalar(select(Message.id).where(*unmarked))
    code, output = await said(command, "doctor", "--heal")
    assert code == 0, output
    assert "are comparing themselves" in output
    await centre.text("Are you still there?")

    async def is_there() -> bool:
        return ("consumer", "Are you still there?") in await centre.spoken()

    await eventually(is_there)
