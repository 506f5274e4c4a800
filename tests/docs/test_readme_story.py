"""The README's story from a shell, typed as it stands there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.docs.pages import ROOT, blocks
from tests.fixtures.terminal import Terminal

ABSENT = "THE README'S STORY DID NOT RUN: there is no curl, which .ci/run installs"
NUMBER = "+15550123456"
BLOCKS = {
    name: next(block.text for block in blocks("sh") if mark in block.text)
    for name, mark in (("story", "Where is my order?"), ("kill", "kill -9"))
}
SHOW = f"switchboard phone {NUMBER} --wait 2\n"
STORY_SECONDS = 300
PATIENCE = """
until_it() { until "${@:2}" | pick "$1" | grep True >/dev/null; do command sleep 0.2; done; }
as_last() { if [ -n "${BEN:-}" ]; then as_ben "$@"; else as_ann "$@"; fi; }
sleep() { until_it 'bool(it["items"])' as_last "$API/v1/conversations?view=mine"; }
switchboard() {
  if [ "$1" = phone ] && [ -n "${BEN:-}" ]; then
    until_it "$IS_ASKED" as_ben "$API/v1/conversations/$ID/transcript"
  fi
  switchboard_itself "$@"
}
IS_ASKED='"survey_question" in [
  one["automatic"] for one in it["items"] if one["status"] in ("sent", "delivered", "unknown")
]'
"""
"""What people do without thinking: they wait until the conversation is there, and rate when they
are asked. A busy machine takes longer than the README says.
"""


@pytest.fixture
def switchboard(running_switchboard: Terminal) -> Terminal:
    """The one of all stories: this is its first."""
    if not shutil.which("curl"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ABSENT)
    return running_switchboard


def _typed(block: str, at: Terminal) -> str:
    """Type a block into a shell beside a Switchboard on other ports than the README's."""
    text = block.replace(". .venv/bin/activate\n", "")
    text = text.replace("http://127.0.0.1:8000", at.address("api"))
    text = text.replace('".data/', f'"{at.folder.path}/')
    command = f'switchboard_itself() {{ "{sys.executable}" -m cli.main "$@"; }}\n'
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command + PATIENCE + text],
        cwd=ROOT,
        env={**os.environ, **at.folder.read_environment(), "PATH": path},
        text=True,
        capture_output=True,
        timeout=STORY_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _on_the_phone(at: Terminal) -> list[str]:
    answer = httpx2.get(f"{at.address('simulator')}/phones/{NUMBER}/messages", timeout=60)
    return [text["text"] for text in answer.json() if text["author"] == "brand"]


def _shows(at: Terminal, words: str, told: str) -> None:
    """Wait until the command shows them, unless it has: `--wait` is short for a busy machine."""
    at.wait_for(lambda: words in told or words in _typed(SHOW, at))


@pytest.mark.timeout(400)  # a whole start, on however busy a machine
def test_the_story_of_the_readme_runs_as_it_is_written(switchboard: Terminal) -> None:
    told = _typed(BLOCKS["story"], switchboard)
    for seen in ("Let me ask a colleague.", "Wants a refund.", "Ben"):
        assert seen in told
    for seen in ("Hi, this is Acme Outdoor!", "Thank you for your rating!"):
        _shows(switchboard, seen, told)
    assert re.search("/namespaces/default/workflows/sms%2Facme-support%2F[0-9a-f-]{36}\n", told)
    worker = switchboard.running()["Worker"]

    _typed(BLOCKS["kill"], switchboard)
    switchboard.wait_for(lambda: switchboard.running().get("Worker", worker) != worker)
    switchboard.wait_for(
        lambda: any("Good to hear from you" in t for t in _on_the_phone(switchboard))
    )
    texts = _on_the_phone(switchboard)
    assert len([text for text in texts if "Good to hear from you" in text]) == 1
    assert len([text for text in texts if "Let me ask a colleague." in text]) == 1
