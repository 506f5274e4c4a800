"""Open conversations meet new code: recorded histories must replay."""

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.fixtures.centre import fixed_converter
from workflows.conversation.workflow import ConversationWorkflow
from workflows.endpoints.workflow import EndpointWorkflow

HISTORIES = sorted((Path(__file__).parents[1] / "histories").glob("*.json"))


def test_histories_are_recorded() -> None:
    assert len(HISTORIES) >= 6


@pytest.fixture(params=HISTORIES, ids=lambda path: path.stem)
def history(request: pytest.FixtureRequest) -> WorkflowHistory:
    path: Path = request.param
    text = path.read_text()
    started = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    # Its own id: payloads are read in conversations of their line only.
    return WorkflowHistory.from_json(started["workflowId"], text)


async def test_a_recorded_history_replays(history: WorkflowHistory) -> None:
    """A failure here means: a deploy would stop every open conversation of this course.

    Put the change behind `workflow.patched(...)`, or make it where no command changes.
    """
    workflows = [ConversationWorkflow, EndpointWorkflow]
    replayer = Replayer(workflows=workflows, data_converter=fixed_converter())
    await replayer.replay_workflow(history)
