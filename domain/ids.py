"""Typed ids, and how ids are derived. All are ids of rows; none contains a phone number."""

import re
from typing import NewType
from uuid import NAMESPACE_URL, UUID, uuid5

LineId = NewType("LineId", str)
ConsumerId = NewType("ConsumerId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)

OURS = uuid5(NAMESPACE_URL, "switchboard")

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""An id of at most 63 characters, as a DNS label has (RFC 1035)."""


def workflow_id(line: LineId, consumer: ConsumerId) -> str:
    """Return the id of the workflow for a line's conversations with a consumer.

    Temporal allows one open workflow per id, and so one open conversation per line and consumer.
    A consumer's id is random, because a database restored to an earlier time would count up to old
    ids again and give a stranger's workflow to a new consumer.
    """
    return f"sms/{line}/{consumer}"


def thread_in(workflow: str) -> tuple[str, str] | None:
    """Return line and consumer of an id that `workflow_id` made; None for any other."""
    kind, _, rest = workflow.partition("/")
    line, _, consumer = rest.partition("/")
    return (line, consumer) if kind == "sms" and line and is_uuid(consumer) else None


def line_of(workflow: str) -> str:
    """Return the line in such an id, else nothing."""
    thread = thread_in(workflow)
    return thread[0] if thread else ""


def line_of_workflow(workflow: str) -> LineId | None:
    """Return the line of a workflow by its id; None if the id is not a conversation's."""
    match workflow.split("/"):
        case ["sms", line, _]:
            return LineId(line)
        case _:
            return None


def caused_message_id(conversation: ConversationId, cause: str, nth: int) -> MessageId:
    """Return the id of the `nth` message that a conversation writes because of one input.

    `cause`: the id of that input, such as a text's id or a command's key. The id is made from the
    cause and not from a running count, so a step decided twice never gives two different texts the
    same id.
    """
    return MessageId(str(uuid5(OURS, f"{conversation}/{cause}/{nth}")))


def opened_conversation_id(
    line: LineId, consumer: ConsumerId, opener: str, number: int
) -> ConversationId:
    """Return the id of the conversation that a text or a command opens.

    The id is the same in every worker, at every time, and in every run of the workflow. `number` is
    part of it because a text that a restored database lost may be handed over again, and then opens
    a later conversation than the one it opened first.
    """
    return ConversationId(str(uuid5(OURS, f"{line}/{consumer}/{opener}/{number}")))


def call_text_id(call: UUID) -> UUID:
    """Return the id of the one text that a phone call leads to."""
    return uuid5(OURS, f"call/{call}")


def slug(name: str) -> str:
    """Return `name` as an id: lower case, digits and hyphens, 40 characters at most."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "-".join(words)[:40].strip("-") or "x"


def is_uuid(text: str) -> bool:
    """Say whether `text` is a UUID, so that a malformed id is a 404 and not a database error."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
