"""A typed client of the Switchboard API.

    from switchboard_client import Client, ConsumerOptedOut, NewReply

    with Client("https://sms.acme.example", "swt_...", agent="acme-ann") as client:
        for conversation in client.iterate_conversations(view="mine"):
            client.send_reply(conversation.id, NewReply(text="Hello"), idempotency_key="reply-1")

Client, models and problems are generated from the API's OpenAPI document by `make client`.
"""

from . import models, problems
from .client import Client
from .errors import EventsGone, FieldError, Problem, ProblemError
from .models import *  # noqa: F403 - all that is sent and answered
from .problems import *  # noqa: F403 - all that can go wrong
from .transport import Page

__all__ = ["Client", "EventsGone", "FieldError", "Page", "Problem", "ProblemError"]
__all__ += models.__all__
__all__ += problems.__all__
