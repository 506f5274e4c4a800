"""What stands beside the lines of `switchboard replay`; `tests.upgrades` plays the command."""

import logging

import pytest

from temporal.telemetry import silence


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
