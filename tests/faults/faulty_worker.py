"""The real worker as a process of its own, with a fault from outside and time limits for tests.

`python -m tests.faults.faulty_worker`; it prepares itself and begins at a line of its input.
"""

import sys
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import uvloop

import worker
from runtime import logs
from settings import Settings
from temporal.conversations import ConversationClient
from tests.faults.points import Fault, put_in
from tests.fixtures.centre import IMPATIENT
from workflows.conversation import activities

TASK_TIMEOUT = timedelta(seconds=3)
"""Of workflow tasks: so long it takes until a lost one is decided again."""
SEND_TIMEOUT = timedelta(seconds=3)
"""Of sends: so long it takes until one whose worker died is taken up again."""
AT_ONCE = 60
"""Conversations: all that a fault meets at once."""


def main() -> None:
    """Work until told to stop."""
    settings = Settings()
    logs.configure(settings.log)
    patch.object(worker, "conversations_at_once", lambda: AT_ONCE).start()
    patch.object(
        worker, "ConversationClient", partial(ConversationClient, task_timeout=TASK_TIMEOUT)
    ).start()
    patch.object(worker, "TimeOuts", lambda: IMPATIENT).start()
    patch.object(activities, "SEND_TIMEOUT", SEND_TIMEOUT).start()
    fault = Fault.of_environment()
    if fault:
        put_in(fault)
    sys.stdin.readline()
    uvloop.run(worker.work(settings))


if __name__ == "__main__":
    main()
