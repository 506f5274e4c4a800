"""The kinds of events that endpoints can get, each with what it says and an example.

The API lists them, forms offer them, and docs/webhooks.md is compared with them by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.conversation.kinds import EventKind

Details = Mapping[str, str | int | bool | None]

MESSAGE = "0b9f6c1e-58f5-4c0e-9c2b-3f0a5e0a1d77"
SKILL, AGENT, BOT = "acme-support", "acme-ann", "acme-opening-hours"
LABEL = "acme-refund"


@dataclass(frozen=True)
class EventType:
    """A kind of event. `details`: an example of what it carries."""

    kind: EventKind
    says: str
    details: Details = field(default_factory=dict)


_K = EventKind
_TYPES = (
    EventType(
        _K.conversation_opened,
        "A conversation began, by a consumer's text or by an agent.",
        {"opened_by": "consumer"},
    ),
    EventType(
        _K.conversation_queued,
        "It waits for an agent of a skill, or for one agent.",
        {"skill_id": SKILL, "requested_agent_id": None},
    ),
    EventType(_K.conversation_assigned, "An agent has it now.", {"how": "picked"}),
    EventType(
        _K.conversation_transferred,
        "An agent passed it on, to a skill or to another agent.",
        {"skill_id": SKILL},
    ),
    EventType(_K.conversation_returned, "Its agent returned it to the queue."),
    EventType(_K.conversation_closed, "It was closed.", {"reason": "agent"}),
    EventType(
        _K.message_added,
        "A text, an automatic message or a note was added to the transcript.",
        {"message_id": MESSAGE, "position": 3, "author": "consumer"},
    ),
    EventType(
        _K.mentioned,
        "A note mentions a colleague, who may read the conversation from now on.",
        {"by_agent_id": "acme-ben", "message_id": MESSAGE},
    ),
    EventType(
        _K.message_status,
        "The delivery status of a text changed, or its price was told.",
        {"message_id": MESSAGE, "status": "delivered"},
    ),
    EventType(
        _K.file_changed,
        "A file of a consumer's text was fetched, or could not be.",
        {"message_id": MESSAGE, "file_id": MESSAGE, "state": "kept"},
    ),
    EventType(
        _K.conversation_offered,
        "It rings at an agent.",
        {"ends_at": "2026-11-26T10:15:30+00:00"},
    ),
    EventType(_K.offer_ended, "It stopped ringing at an agent.", {"outcome": "lapsed"}),
    EventType(
        _K.conversation_released,
        "It was taken from its agent and waits again.",
        {"reason": "agent_left"},
    ),
    EventType(_K.agent_nudged, "Its agent was reminded to answer."),
    EventType(_K.manager_joined, "A manager joined it."),
    EventType(_K.manager_left, "A manager left it."),
    EventType(_K.response_time_set, "An agent set its response time by hand.", {"seconds": 3600}),
    EventType(_K.auto_close_held, "Silence does not close it any more."),
    EventType(_K.auto_close_resumed, "Silence closes it again."),
    EventType(
        _K.text_scheduled,
        "An agent wrote a text for later.",
        {"message_id": MESSAGE, "at": "2026-11-27T09:00:00+00:00", "unless_answered": True},
    ),
    EventType(
        _K.scheduled_text_cancelled, "A text for later was cancelled.", {"message_id": MESSAGE}
    ),
    EventType(
        _K.text_held,
        "A text waits for the end of the quiet hours.",
        {"message_id": MESSAGE, "until": "2026-11-27T08:00:00+00:00"},
    ),
    EventType(
        _K.language_set,
        "The language of its automatic messages was set.",
        {"language": "de", "source": "agent"},
    ),
    EventType(_K.survey_asked, "The consumer was asked to rate it.", {"times": 1}),
    EventType(
        _K.survey_answered,
        "The consumer rated it.",
        {"skill_id": SKILL, "score": 5, "satisfied": True, "scale": "stars", "late": False},
    ),
    EventType(
        _K.survey_followed_up,
        "The consumer answered a further question.",
        {"question": "recommend", "value": 9},
    ),
    EventType(_K.survey_ended, "The rating ended.", {"outcome": "answered"}),
    EventType(
        _K.texts_carried_over,
        "Texts that were no rating opened another conversation.",
        {"count": 1, "to_conversation_id": MESSAGE},
    ),
    EventType(_K.opted_out, "The consumer wants no more texts."),
    EventType(_K.opted_in, "The consumer wants texts again."),
    EventType(
        _K.opt_out_wished,
        "The consumer asked for no more texts in their own words.",
        {"message_id": MESSAGE},
    ),
    EventType(_K.phone_answers, "The consumer's phone answers by itself.", {"message_id": MESSAGE}),
    EventType(
        _K.no_answer_owed,
        "A text that needs no answer, such as thanks.",
        {"message_id": MESSAGE, "courtesy": "thanks"},
    ),
    EventType(
        _K.opened_nothing,
        "Such a text came after the end and opened no conversation.",
        {"message_id": MESSAGE, "courtesy": "thanks"},
    ),
    EventType(
        _K.invitation_answered,
        "The consumer answered an automated text in a conversation that was already open.",
        {"message_id": MESSAGE, "origin": "notification", "origin_id": MESSAGE},
    ),
    EventType(_K.opt_out_wish_dismissed, "An agent says that the text was no such wish."),
    EventType(
        _K.history_missing,
        "Steps were written again, because the database had lost them.",
        {"after": 12, "before": 17},
    ),
    EventType(
        _K.agent_state,
        "An agent's state changed. `by_agent_id`: a manager set it for them.",
        {"state": "away", "reason": "Lunch break", "by_agent_id": "acme-mia"},
    ),
    EventType(
        _K.agent_capacity,
        "A manager set how many conversations an agent has at once; null: the account's default.",
        {"capacity": 3, "by_agent_id": "acme-mia"},
    ),
    EventType(
        _K.alert_began,
        "Something managers should know of. `subject`: its skill, connector or line.",
        {"alert": "nobody_online", "subject": SKILL, "name": "Support"},
    ),
    EventType(
        _K.alert_ended,
        "It is over.",
        {"alert": "nobody_online", "subject": SKILL, "name": "Support"},
    ),
    EventType(
        _K.bulk_ended,
        "An action for many conversations has ended.",
        {"job_id": MESSAGE, "kind": "transfer", "status": "done", "done": 40, "refused": 2},
    ),
    EventType(
        _K.export_ready,
        "A scheduled export is made. `url`: its file, until `expires_at`, for its endpoint alone.",
        {
            **{"export_id": MESSAGE, "schedule_id": MESSAGE, "endpoint": "acme-warehouse"},
            **{"kind": "messages", "format": "csv", "rows": 1204},
            "expires_at": "2026-12-03T10:10:00+00:00",
            "url": f"https://sms.example/exported/{MESSAGE}/1796292600/5f3a",
        },
    ),
    EventType(
        _K.connector_paused,
        "A provider refuses the account; its texts wait.",
        {"connector": "acme-sms"},
    ),
    EventType(
        _K.connector_resumed, "Texts leave again by this connector.", {"connector": "acme-sms"}
    ),
    EventType(
        _K.endpoint_paused,
        "An endpoint gets no events any more.",
        {"endpoint": "acme-warehouse", "reason": "failing"},
    ),
    EventType(
        _K.endpoint_resumed, "An endpoint gets events again.", {"endpoint": "acme-warehouse"}
    ),
    EventType(
        _K.given_to_bot,
        "A bot has it now.",
        {"bot_id": BOT, "bot": "Opening hours", "skill_id": SKILL},
    ),
    EventType(
        _K.bot_asked,
        "A turn of a bot began: its answer is due by `ends_at`.",
        {"bot_id": BOT, "turn": 2, "ends_at": "2026-11-26T10:15:30+00:00"},
    ),
    EventType(
        _K.bot_answered,
        "A bot answered its turn.",
        {"bot_id": BOT, "turn": 2, "texts": 1, "action": "stay"},
    ),
    EventType(
        _K.bot_answer_dropped,
        "An answer came too late, or a second time, and was dropped.",
        {"bot_id": BOT, "turn": 2},
    ),
    EventType(
        _K.bot_gave_up,
        "A bot passed it to people, or failed to answer.",
        {
            **{"bot_id": BOT, "bot": "Opening hours", "turn": 2},
            **{"problem": "late", "skill_id": SKILL},
        },
    ),
    EventType(
        _K.bot_paused,
        "A bot failed several times in a row and is not asked for a while.",
        {"bot_id": BOT},
    ),
    EventType(_K.bot_resumed, "A bot is asked again.", {"bot_id": BOT}),
    EventType(
        _K.conversation_snoozed,
        "It was put away until a time, or with null until the consumer's next text.",
        {"until": "2026-11-27T09:00:00+00:00"},
    ),
    EventType(
        _K.snooze_ended, "It came back: by `time`, `consumer` or `agent`.", {"end": "consumer"}
    ),
    EventType(
        _K.closing_reason_set,
        "It got another closing reason after it was closed.",
        {"closing_reason_id": "acme-solved", "closing_reason": "Solved"},
    ),
    EventType(_K.label_added, "A label was put on it.", {"label_id": LABEL, "label": "Refund"}),
    EventType(_K.label_removed, "A label was taken off.", {"label_id": LABEL, "label": "Refund"}),
    EventType(
        _K.priority_changed,
        "Its people said how urgent it is: `low`, `normal`, `high` or `urgent`.",
        {"priority": "high", "before": "normal"},
    ),
    EventType(
        _K.consumer_changed,
        "Somebody changed what is known of a consumer: name, email, note or fields.",
        {"consumer_id": MESSAGE, "changed": "name,fields"},
    ),
    EventType(
        _K.consumers_merged,
        "A consumer and one with another number are the same.",
        {"consumer_id": MESSAGE, "merged_consumer_id": MESSAGE},
    ),
    EventType(
        _K.consumers_parted,
        "Two consumers that were merged are two again.",
        {"consumer_id": MESSAGE, "merged_consumer_id": MESSAGE},
    ),
)

EVENT_TYPES: Mapping[EventKind, EventType] = {one.kind: one for one in _TYPES}


def example_of(kind: EventKind) -> dict[str, object]:
    """Return an event of a kind as an endpoint gets it, without texts."""
    told = EVENT_TYPES[kind]
    is_apart = kind in NO_CONVERSATION
    data = {
        "event_id": 4711,
        "account_id": "acme",
        "conversation_id": None if is_apart else "6f1c0a52-8a53-4b61-9c43-0b1f1e6f3c11",
        "line_id": None if is_apart else "acme-line",
        "consumer_id": None if is_apart else "2d0c5a1b-7a76-4b38-8a4e-5f6f5d1f9d10",
        "agent_id": AGENT if "agent" in kind.value else None,
        "details": dict(told.details),
    }
    return {
        "type": kind.value,
        "timestamp": "2026-11-26T10:10:00.120450Z",
        "version": 1,
        "data": data,
    }


NO_CONVERSATION = frozenset(
    {
        *(_K.agent_state, _K.agent_capacity, _K.connector_paused, _K.connector_resumed),
        *(_K.alert_began, _K.alert_ended, _K.bulk_ended, _K.export_ready),
        *(_K.endpoint_paused, _K.endpoint_resumed, _K.bot_paused, _K.bot_resumed),
    }
)
"""Kinds of events that belong to no conversation."""
