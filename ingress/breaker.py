"""A circuit breaker: stops calling Temporal for a few seconds while it does not answer."""

import time

FAILURES_BEFORE_PAUSE = 3
PAUSE_SECONDS = 3.0


class Breaker:
    """Opens for `PAUSE_SECONDS` after `FAILURES_BEFORE_PAUSE` failures in a row. Both are ours."""

    def __init__(self) -> None:
        self._failures = 0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._closed_again_at

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_PAUSE:
            self._closed_again_at = time.monotonic() + PAUSE_SECONDS

    def worked(self) -> None:
        self._failures = 0
