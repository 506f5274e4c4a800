"""What docs/operations.md says to run after a restore ends all that would serve again."""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text

from database.tables import PersonLink
from domain.people.roles import Role
from security.passwords import digest, new_secret
from services.person_links import PREFIX
from tests.api.conftest import Office
from tests.docs.pages import ROOT, section

PAGE = ROOT / "docs" / "operations.md"


async def test_no_log_in_link_or_token_of_before_serves_after_what_the_page_says(
    office: Office,
) -> None:
    found = re.search(r"```sql\n(.*?)```", section(PAGE, "### After a restore"), re.DOTALL)
    assert found
    link = new_secret(PREFIX)
    until = datetime.now(UTC) + timedelta(days=1)
    row = {"token_hash": digest(link), "agent_id": office.ada.agent_id, "expires_at": until}
    async with office.sessions.begin() as session:
        await session.execute(insert(PersonLink).values(row))
    async with office.person(office.ada) as ada, office.program(Role.admin) as program:
        assert "password" in (await ada.get("/welcome", params={"key": link})).text
        async with office.sessions.begin() as session:
            for statement in filter(str.strip, found[1].split(";")):
                await session.execute(text(statement))
        for one in (ada, program):
            assert (await one.get("/v1/account")).status_code == 401
        assert (await ada.get("/welcome", params={"key": link})).status_code == 404
