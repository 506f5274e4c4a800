"""A Temporal older than 1.30, which cannot list workflows whose tasks fail."""

import pytest

from cli.absence import NO_LIST
from database.queries import measurements
from database.queries.measurements import Kind
from routing.reviving import Reviving
from routing.watches import Watches
from tests.cli.test_doctor import Command, api_url, beating, command, said
from tests.fixtures.centre import Centre

__all__ = ["api_url", "beating", "command"]


@pytest.fixture(autouse=True)
def _is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for an attribute that the server does not know, as 1.29.1 does not know ours."""
    condition = 'ExecutionStatus = "Running" AND TemporalUnknown IN ("category=WorkflowTaskFailed")'
    monkeypatch.setattr("temporal.conversations.STUCK", condition)


async def test_doctor_names_what_an_older_server_lacks_and_heals_all_else(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    code, output = await said(command, "doctor", "--heal")
    assert code == 2, output
    assert output.count(NO_LIST) == 1
    assert "cannot be reached" not in output
    assert "1 conversations are comparing themselves" in output
    assert "Workflows whose tasks fail were not looked for" in output
    assert "Not all was healed" not in output
    assert await centre.conversations.is_running(centre.thread.workflow_id)


async def test_stuck_lists_all_that_an_older_server_knows(centre: Centre, command: Command) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    code, output = await said(command, "stuck")
    assert code == 1
    assert str(row.id) in output
    assert output.endswith(f"{NO_LIST}\n")


async def test_the_watches_keep_their_other_figures_beside_an_older_server(centre: Centre) -> None:
    reviving = Reviving(centre.sessions, centre.conversations)
    await Watches(centre.sessions, centre.conversations, reviving).sweep()
    kept = await measurements.kept(centre.sessions.direct)
    assert "workflows_stuck" not in kept[Kind.workflows].figures
    assert kept[Kind.workflows].figures["erasures_late"] == 0
    assert Kind.runs in kept
