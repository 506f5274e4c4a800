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
    auto_close_held = "auto_close_held"
    auto_close_resumed = "auto_close_resumed"
    text_scheduled = "text_scheduled"
    scheduled_text_cancelled = "scheduled_text_cancelled"
    language_set = "language_set"
    survey_asked = "survey_asked"
    survey_answered = "survey_answered"
    survey_followed_up = "survey_followed_up"
    survey_ended = "survey_ended"
    texts_carried_over = "texts_carried_over"
    opted_out = "opted_out"
    opted_in = "opted_in"
    opt_out_wished = "opt_out_wished"
    history_missing = "history_missing"
    agent_state = "agent_state"


class Automatic(StrEnum):
    """The events that may send an automatic message."""

    first_welcome = "first_welcome"
    welcome = "welcome"
    first_welcome_off_hours = "first_welcome_off_hours"
    welcome_off_hours = "welcome_off_hours"
    off_hours = "off_hours"
    agent_joined = "agent_joined"
    transferred_to_skill = "transferred_to_skill"
    transferred_to_agent = "transferred_to_agent"
    returned_to_queue = "returned_to_queue"
    manager_joined = "manager_joined"
    manager_left = "manager_left"
    waiting_in_queue = "waiting_in_queue"
    agent_silent = "agent_silent"
    consumer_silent = "consumer_silent"
    response_time_changed = "response_time_changed"
    closed_by_agent = "closed_by_agent"
    auto_close_warning = "auto_close_warning"
    auto_closed = "auto_closed"
    survey_question = "survey_question"
    survey_retry = "survey_retry"
    survey_resolved = "survey_resolved"
    survey_recommend = "survey_recommend"
    survey_comment = "survey_comment"
    survey_thanks = "survey_thanks"
    survey_expired = "survey_expired"
    survey_unrecognised = "survey_unrecognised"
    media_refused = "media_refused"
    opted_out = "opted_out"
    opted_in = "opted_in"
    help = "help"


TIMED = frozenset(
    {
        Automatic.waiting_in_queue,
        Automatic.agent_silent,
        Automatic.consumer_silent,
        Automatic.auto_close_warning,
    }
)
"""Automatic messages that only time sends: they have a delay, and some a repeat count."""

OF_THE_SURVEY = frozenset(event for event in Automatic if event.value.startswith("survey_"))
"""Texts of the survey: set for a line, a connector or the account, never for a skill."""


class DeadlineKind(StrEnum):
    """What time is going to do to a conversation."""

    offer_lapses = "offer_lapses"
    agent_transfer_fallback = "agent_transfer_fallback"
    waiting_in_queue = "waiting_in_queue"
    agent_nudge = "agent_nudge"
    agent_silent = "agent_silent"
    agent_silent_reroute = "agent_silent_reroute"
    consumer_silent = "consumer_silent"
    auto_close_warning = "auto_close_warning"
    auto_close = "auto_close"
    scheduled_text = "scheduled_text"
    survey_expires = "survey_expires"
    late_answers_end = "late_answers_end"
    hours_read_anew = "hours_read_anew"


class Interruption(StrEnum):
    """When a new request ends the survey and opens the next conversation."""

    at_once = "at_once"
    after_last_retry = "after_last_retry"


class Meaning(StrEnum):
    """What a text is as an answer to a question of the survey.

    `attempt`: it tries to rate, but contradicts itself or names no step. `acknowledgement`: "ok
    thanks", a greeting, a tapback. `request`: plainly for a person. `unclear`: the rest.
    """

    rating = "rating"
    attempt = "attempt"
    acknowledgement = "acknowledgement"
    request = "request"
    unclear = "unclear"


class Seen(StrEnum):
    """What a consumer can have seen of a question when they sent a text.

    `question`: it, also as it was asked again. `first_asking`: only as it was first asked.
    `nothing`: the text was sent before the question left. `never`: it failed for good, so nobody
    was asked.
    """

    question = "question"
    first_asking = "first_asking"
    nothing = "nothing"
    never = "never"


class FollowUp(StrEnum):
    """Optional questions after the rating, in this order."""

    resolved = "resolved"
    """Yes or no."""
    recommend = "recommend"
    """0 to 10."""
    comment = "comment"
    """Free text."""


class Grade(StrEnum):
    """What an answer without a number says, in any language: how good it was, or yes or no."""

    terrible = "terrible"
    bad = "bad"
    fair = "fair"
    good = "good"
    excellent = "excellent"
    no = "no"
    yes = "yes"


class SurveyGate(StrEnum):
    """Why a consumer was not asked to rate."""

    disabled = "disabled"
    no_question = "no_question"
    """The text of the question is off."""
    silent_close = "silent_close"
    """Closed by auto-close, an opt-out or the system."""
    opted_out = "opted_out"
    program = "program"
    """A short code or a name texted."""
    no_skill = "no_skill"
    never_assigned = "never_assigned"
    """Nobody ever held it: the score would be nobody's."""
    nothing_written = "nothing_written"
    few_texts = "few_texts"
    asked_recently = "asked_recently"
    not_sampled = "not_sampled"


class LanguageSource(StrEnum):
    """Who says which language a consumer writes."""

    agent = "agent"
    api = "api"
    recognised = "recognised"


class LineKind(StrEnum):
    """What a line's address is; decides what the provider does with STOP by itself."""

    long_code = "long_code"
    toll_free = "toll_free"
    short_code = "short_code"
    service = "service"


class Misdirected(StrEnum):
    """Why a text that came to a line's webhook is not that line's."""

    another_line = "another_line"
    """It is for another line of the account, and was put there."""
    unknown_number = "unknown_number"
    """It is for a number, or a messaging service, that is no line of the account; refused."""
    another_channel = "another_channel"
    """WhatsApp, RCS, Messenger: no text message; refused."""


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


class TextsFirst(StrEnum):
    """What goes first where a text is set in one language here, in another there."""

    language = "language"
    place = "place"


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
