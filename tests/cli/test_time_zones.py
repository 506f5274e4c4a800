"""`switchboard doctor` compares the time zones of accounts."""

from sqlalchemy import update

from database.tables import Account
from tests.cli.test_doctor import Command, api_url, beating, command, said
from tests.fixtures.centre import Centre

__all__ = ["api_url", "beating", "command"]


async def test_zones_whose_hours_differ_between_servers_are_named_with_what_to_do(
    centre: Centre, command: Command
) -> None:
    await _moved(centre, "Europe/Berlin")
    code, output = await said(command, "doctor")
    [line] = [one for one in output.splitlines() if "Time zones that differ" in one]
    assert (code, line.split()[-3:]) == (0, ["0", "of", "1"]), output
    await _moved(centre, "CET")  # as it was stored before it was refused
    code, output = await said(command, "doctor")
    assert code == 1
    [told] = [one for one in output.splitlines() if "keep other hours for CET:" in one]
    assert "switchboard recount" in told


async def test_a_zone_that_one_server_lacks_differs(centre: Centre, command: Command) -> None:
    await _moved(centre, "Mars/Olympus")
    code, output = await said(command, "doctor")
    assert code == 1
    assert "keep other hours for Mars/Olympus:" in output


async def _moved(centre: Centre, zone: str) -> None:
    async with centre.sessions.begin() as session:
        await session.execute(update(Account).values(time_zone=zone))
