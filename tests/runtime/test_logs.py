import json
import logging
import sys
from collections.abc import Iterator
from typing import ClassVar

import pytest
import structlog
from temporalio.testing import ActivityEnvironment

from runtime import logs
from runtime.configuration import load_settings
from settings import LogSettings


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers, root.level
    configured = structlog.get_config()
    yield
    sys.excepthook = hook
    logging.captureWarnings(capture=False)
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**configured)


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def test_both_kinds_of_logger_write_one_json_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogSettings())
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger("ours").info("text_accepted", line_id="acme-support")
    logging.getLogger("theirs").warning("slow: %s", "very")
    ours, theirs = lines(capsys)
    assert ours["event"] == "text_accepted"
    assert (ours["line_id"], ours["request_id"]) == ("acme-support", "r1")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == (
        "slow: very",
        "warning",
        "theirs",
    )


def test_a_line_logged_in_an_activity_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogSettings())
    ActivityEnvironment().run(lambda: structlog.get_logger().info("sent"))
    (line,) = lines(capsys)
    assert line["workflow_id"]
    assert line["attempt"] == 1


def test_the_console_form_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogSettings(log_format="console"))
    structlog.get_logger().info("started")
    assert "started" in capsys.readouterr().out


def test_events_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogSettings(log_level="warning"))
    structlog.get_logger().info("quiet")
    assert capsys.readouterr().out == ""


def test_an_error_is_told_by_its_types_and_where_it_was_raised_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(LogSettings())
    try:
        try:
            raise KeyError("+15550123 wrote: help me")
        except KeyError as error:
            raise ExceptionGroup("help me", [ValueError("help me")]) from error
    except ExceptionGroup:
        structlog.get_logger().exception("ours")
        logging.getLogger("theirs").exception("Failed")
    logging.getLogger("asyncio").error("Never retrieved\nfuture: <Task exception='help me'>")
    logging.getLogger("theirs").warning("no answer from %s", "+15550123456")
    told = capsys.readouterr().out
    assert "help me" not in told
    assert "5550123" not in told
    ours, theirs, never, number = [json.loads(line) for line in told.splitlines()]
    for line in (ours, theirs):
        assert line["error"] == "ExceptionGroup from ValueError"
        assert line["frames"][0].startswith("test_logs.py:")
    assert never["event"] == "Never retrieved"
    assert number["event"] == "no answer from +…"


def test_temporals_core_logs_like_everybody_with_ids_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class FromTheCore:
        fields: ClassVar = {"run_id": "r1", "failure": "help me"}

    logs.configure(LogSettings())
    extra = {"temporal_log": FromTheCore()}
    logging.getLogger("temporal-sdk_core::worker").warning("Failing workflow task", extra=extra)
    (line,) = lines(capsys)
    assert (line["logger"], line["event"]) == ("temporal.core", "Failing workflow task")
    assert line["run_id"] == "r1"
    assert "help me" not in str(line)


def test_lines_are_counted_by_their_event(capsys: pytest.CaptureFixture[str]) -> None:
    counted: list[tuple[str, str]] = []
    logs.configure(LogSettings(), lambda *of: counted.append(of))
    structlog.get_logger().warning("line_throttled", line="acme-support")
    logging.getLogger("theirs").warning("Some sentence of a library")
    assert counted == [("line_throttled", "warning")]


@pytest.mark.parametrize(
    ("variable", "value"), [("SWITCHBOARD_LOG_LEVEL", "foo"), ("SWITCHBOARD_LOG_FORMAT", "jsn")]
)
def test_a_level_or_format_that_does_not_exist_is_told_in_a_sentence(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as ended:
        load_settings()
    assert ended.value.code == 2
    assert f"{variable} is not usable" in capsys.readouterr().err


def test_lines_are_counted_also_where_they_are_not_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counted: list[tuple[str, str]] = []
    logs.configure(LogSettings(log_level="error"), lambda *of: counted.append(of))
    structlog.stdlib.get_logger("quiet").warning("texts_handed_over_again")
    assert lines(capsys) == []
    assert counted == [("texts_handed_over_again", "warning")]
