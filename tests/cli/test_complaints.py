"""What commands say of processes that do not fit: all that the status page complains of."""

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any
from uuid import uuid4

import pytest

from cli.complaints import KEYS_FIRST
from cli.stuck import KEY
from database.schema import revision_of
from database.tables import ConnectorPause, Line, Process
from temporal.conversations import ConversationClient
from temporal.standings import standing_of
from tests.cli.test_doctor import Command, api_url, beating, command, said
from tests.fixtures.centre import Centre
from tests.services.test_stuck import failing

__all__ = ["api_url", "beating", "command"]


async def there_is(
    centre: Centre, name: str, silent: timedelta = timedelta(0), **odd: object
) -> None:
    """Write of a second worker that it is there. `odd`: what it does not share with the first."""
    now, revision = datetime.now(UTC), await revision_of(centre.sessions.direct)
    row = {"kind": "worker", "name": name, "identity": f"1@{name}", "started_at": now}
    code = {"version": version("switchboard"), "schema_revision": revision}
    own = {"seen_at": now - silent, "clock_seconds": 0.0, "key_marks": None}
    async with centre.sessions.begin() as session:
        session.add(Process(**{"id": uuid4(), **row, **code, **own, **odd}))


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ({"key_marks": ["other/0123"]}, "Worker green (1@green): It lacks a key"),
        ({"clock_seconds": 300.0}, "Worker green (1@green): Its clock is wrong by more than 10 s"),
        ({"schema_revision": "older"}, "Worker green (1@green): Its code and the database do not"),
        ({"version": "0.0.1"}, "Processes that run: Different versions run side by side."),
        (
            {"silent": timedelta(minutes=2)},
            "Worker green (1@green): It was not heard for more than half a minute",
        ),
    ],
)
async def test_doctor_complains_of_processes_as_the_status_page_does(
    centre: Centre, command: Command, odd: dict[str, Any], words: str
) -> None:
    await there_is(centre, "green", **odd)
    code, output = await said(command, "doctor")
    assert code == 1, output
    assert words in output


async def test_nothing_is_ended_or_healed_before_processes_have_the_key_they_lack(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = await failing(centre)

    async def stuck(_conversations: ConversationClient) -> list[str]:
        return [workflow]  # Temporal lists it after a minute

    monkeypatch.setattr(ConversationClient, "stuck", stuck)
    code, output = await said(command, "stuck")
    assert (code, "Deploy the fix." in output) == (1, True)
    await there_is(centre, "green", key_marks=["other/0123"])
    code, output = await said(command, "stuck")
    assert output.startswith("Worker green (1@green): It lacks a key")
    assert "Worker centre (" in output, "it lacks the key of the other"
    assert (code, KEYS_FIRST in output, KEY in output) == (1, True, True)
    assert "Deploy the fix" not in output
    assert "switchboard end" not in output
    code, output = await said(command, "doctor", "--heal")
    assert (code, KEYS_FIRST in output) == (2, True)
    assert "are comparing themselves" not in output
    assert (await standing_of(centre.client, workflow)).is_failing, "it was not terminated"
    await centre.client.get_workflow_handle(workflow).terminate()


async def test_doctor_counts_paused_connectors_as_the_status_page_does(
    centre: Centre, command: Command
) -> None:
    now = datetime.now(UTC)
    async with centre.sessions.begin() as session:
        line = await session.get_one(Line, centre.brand.line_id)
        of = {"connector_id": line.connector_id, "account_id": line.account_id}
        why = {"code": "account_suspended", "sentence": "It is suspended.", "tries": 2}
        session.add(ConnectorPause(**of, **why, paused_at=now, try_at=now))
    code, output = await said(command, "doctor")
    [paused] = [line for line in output.splitlines() if "Connectors that are paused" in line]
    assert (code, paused.split()[-1]) == (1, "1")
