"""What stands beside the lines of `switchboard replay`; `tests.upgrades` plays the command."""

import asyncio
import logging
from pathlib import Path

import pytest

from embedded.data_folder import opened
from temporal.telemetry import silence
from tests.cli.test_main import run


def test_nothing_of_the_sdk_stands_between_the_lines_of_a_replay(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loggers = [logging.getLogger(name) for name in ("temporal", "temporalio.worker._workflow")]
    with silence():
        for logger in loggers:
            logger.error("what a consumer wrote")
    assert caplog.messages == []
    for logger in loggers:
        logger.error("what an operator reads")
    assert caplog.messages == ["what an operator reads"] * 2


@pytest.fixture
def gate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encryption_keys: str, temporal_address: str
) -> None:
    """The job of a CI: the keys in a file, and a way to Temporal."""
    for name in ("DATABASE_URL", "ENCRYPTION_KEYS", "PUBLIC_BASE_URL", "ENVIRONMENT"):
        monkeypatch.delenv(f"SWITCHBOARD_{name}", raising=False)
    (tmp_path / "keys").write_text(encryption_keys)
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS_FILE", str(tmp_path / "keys"))
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)


ASKED = ("replay", "--query", 'WorkflowId = "nobody"')
ANSWERED = "Nothing was replayed: Temporal's namespace default has no workflow of this query.\n"


@pytest.mark.usefixtures("gate")
async def test_a_replay_needs_the_keys_and_a_way_to_temporal_and_no_database() -> None:
    assert await asyncio.to_thread(run, *ASKED) == (2, ANSWERED)


@pytest.mark.usefixtures("gate")
async def test_keys_of_another_switchboard_are_not_mixed_with_those_of_this_machine(
    tmp_path: Path,
) -> None:
    elsewhere = {"SWITCHBOARD_ENCRYPTION_KEYS": "k1:none", "TEMPORAL_ADDRESS": "127.0.0.1:1"}
    with opened(tmp_path) as folder:
        folder.write_environment(elsewhere)
    assert await asyncio.to_thread(run, *ASKED, "--data", str(tmp_path)) == (2, ANSWERED)


def test_a_replay_without_keys_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SWITCHBOARD_DATABASE_URL", raising=False)
    for keys, said in (("", "is not usable"), (None, "is not set")):
        monkeypatch.delenv("SWITCHBOARD_ENCRYPTION_KEYS", raising=False)
        if keys is not None:
            monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", keys)
        code, told = run("replay", "--data", str(tmp_path))
        assert code == 2
        assert told.startswith(f"SWITCHBOARD_ENCRYPTION_KEYS {said}"), told
