"""The closed sets of words used in state, tables, API and pages. See the table in the design."""

from enum import StrEnum


class Role(StrEnum):
    agent = "agent"
    manager = "manager"
    admin = "admin"


class AgentState(StrEnum):
    """Only `online` agents get work."""

    online = "online"
    back_soon = "back_soon"
    away = "away"
    offline = "offline"


class Status(StrEnum):
    """Where a conversation stands. `survey`: closed for the agent, rating under way."""

    waiting = "waiting"
    assigned = "assigned"
    survey = "survey"
    closed = "closed"


class PendingSide(StrEnum):
    """Who is expected to write next."""

    agent = "agent"
    consumer = "consumer"


class CloseReason(StrEnum):
    agent = "agent"
    manager = "manager"
    auto_close = "auto_close"
    opt_out = "opt_out"
    system = "system"


class SurveyOutcome(StrEnum):
    completed = "completed"
    ignored = "ignored"
    unrecognised = "unrecognised"
    expired = "expired"
    interrupted = "interrupted"
    opted_out = "opted_out"


class Author(StrEnum):
    """Whose words a message holds. `note`s are an agent's, for colleagues only."""

    consumer = "consumer"
    agent = "agent"
    system = "system"
    note = "note"


class Keyword(StrEnum):
    """What a whole text can mean before anything else is looked at."""

    stop = "stop"
    start = "start"
    help = "help"


class MessageStatus(StrEnum):
    """Delivery of an outgoing text; `received` for a consumer's, `written` for a note."""

    received = "received"
    written = "written"
    queued = "queued"
    sending = "sending"
    unknown = "unknown"
    sent = "sent"
    delivered = "delivered"
    undelivered = "undelivered"
    failed = "failed"


class EventKind(StrEnum):
    """What happened, as the live stream, the transcript and the audit trail say it."""

    conversation_opened = "conversation_opened"
    conversation_queued = "conversation_queued"
    conversation_assigned = "conversation_assigned"
    conversation_transferred = "conversation_transferred"
    conversation_returned = "conversation_returned"
    conversation_closed = "conversation_closed"
    message_added = "message_added"
    message_status = "message_status"
    survey_asked = "survey_asked"
    survey_answered = "survey_answered"
    survey_ended = "survey_ended"
    opted_out = "opted_out"
    opted_in = "opted_in"
    agent_state = "agent_state"


class Automatic(StrEnum):
    """The events that may send an automatic message."""

    first_welcome = "first_welcome"
    welcome = "welcome"
    agent_joined = "agent_joined"
    transferred_to_skill = "transferred_to_skill"
    transferred_to_agent = "transferred_to_agent"
    returned_to_queue = "returned_to_queue"
    closed_by_agent = "closed_by_agent"
    auto_closed = "auto_closed"
    survey_question = "survey_question"
    survey_retry = "survey_retry"
    survey_thanks = "survey_thanks"
    survey_expired = "survey_expired"
    opted_out = "opted_out"
    opted_in = "opted_in"
    help = "help"


class LineKind(StrEnum):
    """What a line's address is; decides what the provider does with STOP by itself."""

    long_code = "long_code"
    toll_free = "toll_free"
    short_code = "short_code"
    service = "service"
