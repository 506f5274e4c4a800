import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from temporalio.testing import ActivityEnvironment

from runtime import logs
from settings import LogSettings


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


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
