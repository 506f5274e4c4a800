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
    conversation_offered = "conversation_offered"
    offer_ended = "offer_ended"
    conversation_released = "conversation_released"
    agent_nudged = "agent_nudged"
    manager_joined = "manager_joined"
    manager_left = "manager_left"
    response_time_set = "response_time_set"
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
    manager_joined = "manager_joined"
    manager_left = "manager_left"
    agent_silent = "agent_silent"
    response_time_changed = "response_time_changed"
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


class CapacityMode(StrEnum):
    """How an agent's load is counted; see `domain.load`."""

    plain = "plain"
    weighted = "weighted"


class AcceptMode(StrEnum):
    auto_accept = "auto_accept"
    ring = "ring"


class FallbackWhen(StrEnum):
    """When a skill's fallback takes new conversations."""

    nobody_logged_in = "nobody_logged_in"
    nobody_online = "nobody_online"


class TransferTargets(StrEnum):
    all = "all"
    none = "none"
    listed = "listed"


class DecisionKind(StrEnum):
    """What a routing decision was about."""

    skill = "skill"
    fallback = "fallback"
    assigned = "assigned"
    offered = "offered"
    picked = "picked"
    waiting = "waiting"


class ResponseState(StrEnum):
    """How a conversation stands against its response time."""

    overdue = "overdue"
    soon_overdue = "soon_overdue"
    idle = "idle"
    ongoing = "ongoing"
