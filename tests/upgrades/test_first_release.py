"""From 0.1.0 one goes on with everything, once everything of it was stopped.

Its code is taken from git, so a checkout without that history leaves this out.
"""

import pytest

from tests.upgrades.conftest import Beside, Command, makes_current
from tests.upgrades.previous import FIRST

TALKS, IDLES = "+15550141", "+15550142"
KEPT = "SELECT count(*) FROM inbound_key JOIN inbound USING (connector_id, provider_message_id)"


@pytest.mark.timeout(600)
async def test_from_the_first_release_one_goes_on_after_everything_of_it_was_stopped(
    beside: Beside, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, now, office, url = await beside(FIRST)
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", url)
    before.build_id = ""  # it had no versions unless one was named
    before.start()
    await before.serves()
    await office.comes_in(before)
    for number in (TALKS, IDLES):
        await office.text(number, "hello")
        await office.reply(before, number, "Good morning!")

    code, output = await command("migrate")
    assert (code, "stop all API and worker processes" in output) == (2, True), output
    await office.text(TALKS, "Are you still there?")
    await office.reply(before, TALKS, "Yes, we are.")
    before.stop()
    code, output = await command("migrate", "--all-stopped")  # the test itself looks on
    assert code == 0, output

    now.api_port = before.api_port  # where the provider posts
    now.start()
    await now.serves()
    await makes_current(command, now.name)
    await office.comes_in(now)
    for number in (TALKS, IDLES):
        await office.text(number, "Where is my tent?")
        await office.reply(now, number, "It comes on Monday.")
    assert await office.spoken(TALKS) == [
        ("consumer", "hello"),
        ("agent", "Good morning!"),
        ("consumer", "Are you still there?"),
        ("agent", "Yes, we are."),
        ("consumer", "Where is my tent?"),
        ("agent", "It comes on Monday."),
    ]
    assert await (await office.database.execute(KEPT)).fetchone() == (5,)
    assert now.bugs == []
