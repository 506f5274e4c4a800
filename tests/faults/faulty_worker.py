"""The real worker with a fault from outside and time limits for tests.

Importing it loads the model of languages as well, so that a fork of the importing process can begin
to work at once.
"""

import asyncio
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import uvloop

import worker
from languages.recognition import Recogniser
from runtime import logs
from settings import Settings
from temporal.conversations import ConversationClient
from tests.faults.patience import TASK_TIMEOUT
from tests.faults.points import Fault, put_in
from tests.fixtures.centre import IMPATIENT
from workers import parts, temporal_workers
from workflows.conversation import activities

SEND_TIMEOUT = timedelta(seconds=3)
"""Of sends: so long it takes until one whose worker died is taken up again."""
AT_ONCE = 60
"""Conversations: all that a fault meets at once."""
RECOGNISER = Recogniser()
asyncio.run(RECOGNISER.prepare())


def main() -> None:
    """Work until told to stop."""
    settings = Settings()
    logs.configure(settings.log)
    patch.object(worker, "Recogniser", lambda: RECOGNISER).start()
    patch.object(temporal_workers, "conversations_at_once", lambda: AT_ONCE).start()
    patch.object(
        worker, "ConversationClient", partial(ConversationClient, task_timeout=TASK_TIMEOUT)
    ).start()
    patch.object(parts, "TimeOuts", lambda: IMPATIENT).start()
    patch.object(activities, "SEND_TIMEOUT", SEND_TIMEOUT).start()
    fault = Fault.of_environment()
    if fault:
        put_in(fault)
    uvloop.run(worker.work(settings))
