"""What the page of all conversations calls its columns, its filters and their values."""

from database.queries.records.filters import Response
from database.queries.records.places import Sort
from domain.conversation.kinds import CloseReason, Status
from domain.origins.kinds import OriginKind
from domain.settings.priorities import Priority
from domain.survey.follow_ups import Recommends
from services.history.columns import Column
from services.history.filters import Survey
from web.words import Words

COLUMNS = Words(
    {
        Column.opened: "Opened",
        Column.closed: "Closed",
        Column.last_message: "Last message",
        Column.consumer: "Consumer",
        Column.status: "Status",
        Column.skill: "Skill",
        Column.agent: "Agent",
        Column.took_part: "Took part",
        Column.line: "Line",
        Column.origin: "Began by",
        Column.first: "First conversation",
        Column.opened_by: "Opened by",
        Column.close_reason: "Closed by",
        Column.closing_reason: "Closing reason",
        Column.labels: "Labels",
        Column.priority: "Priority",
        Column.language: "Language",
        Column.duration: "Duration",
        Column.first_response: "First response",
        Column.response: "Answered",
        Column.score: "Rating",
        Column.nps: "NPS",
        Column.resolved: "Resolved",
        Column.texts_in: "Texts in",
        Column.texts_out: "Texts out",
        Column.messages: "Messages",
        Column.last_text: "Last text",
    }
)
SORTS = Words(
    {
        Sort.opened: "Opened",
        Sort.closed: "Closed",
        Sort.last_message: "Last message",
        Sort.duration: "Duration",
        Sort.first_response: "First response",
        Sort.score: "Rating",
    }
)
FILTERS = Words(
    {
        "q": "Words",
        "opened_from": "Opened from",
        "opened_until": "Opened until",
        "opened_days": "Opened in the last days",
        "closed_from": "Closed from",
        "closed_until": "Closed until",
        "last_message_from": "Last message from",
        "last_message_until": "Last message until",
        "status": "Status",
        "skill": "Skill",
        "agent": "Agent",
        "took_part": "Took part",
        "team": "Team",
        "line": "Line",
        "source": "Source",
        "origin": "Began by",
        "origin_id": "Notification, batch or call",
        "first": "First conversation",
        "conversation": "Conversation id",
        "number": "Whole number",
        "number_part": "Part of the number",
        "consumer": "Consumer",
        "name": "Name or detail",
        "field": "Own field",
        "close_reason": "Closed by",
        "closing_reason": "Closing reason",
        "survey": "Survey",
        "score": "Score",
        "satisfied": "Satisfied",
        "nps": "Would recommend us, 0 to 10",
        "nps_group": "NPS",
        "resolved": "Resolved",
        "label": "Label",
        "language": "Language",
        "priority": "Priority",
        "response": "Answers",
        "duration_from": "Minutes of duration at least",
        "duration_to": "Minutes of duration at most",
        "first_response_from": "Minutes to the first response at least",
        "first_response_to": "Minutes to the first response at most",
        "sort": "Sort by",
        "direction": "Direction",
    }
)
STATUSES = Words(
    {
        Status.waiting: "Waiting",
        Status.assigned: "Open",
        Status.survey: "Being rated",
        Status.closed: "Closed",
    }
)
CLOSED_BY = Words(
    {
        CloseReason.agent: "Agent",
        CloseReason.manager: "Manager",
        CloseReason.bot: "Bot",
        CloseReason.auto_close: "Silence",
        CloseReason.opt_out: "Opt-out",
        CloseReason.blocked: "Block",
        CloseReason.system: "System",
    }
)
ORIGINS = Words(
    {
        OriginKind.text: "A text",
        OriginKind.source: "A source",
        OriginKind.notification: "Answer to a notification",
        OriginKind.call: "Phone call",
        OriginKind.proactive: "Our first text",
        OriginKind.follow_up: "Our follow-up",
    }
)
SURVEYS = Words(
    {
        Survey.none: "None was sent",
        Survey.completed: "Completed",
        Survey.ignored: "Not answered",
        Survey.unrecognised: "Not understood",
        Survey.expired: "Expired",
        Survey.interrupted: "Interrupted",
        Survey.opted_out: "Opted out",
    }
)
RESPONSES = Words(
    {
        Response.overdue: "Overdue now",
        Response.waits: "Waits for a reply",
        Response.late: "Answered late at least once",
        Response.in_time: "Always answered in time",
    }
)
PRIORITIES = Words(
    {
        Priority.low: "Low",
        Priority.normal: "Normal",
        Priority.high: "High",
        Priority.urgent: "Urgent",
    }
)
RECOMMENDS = Words(
    {
        Recommends.promoter: "Promoters, 9 and 10",
        Recommends.passive: "Passives, 7 and 8",
        Recommends.detractor: "Detractors, 0 to 6",
    }
)
YES_OR_NO = Words({"true": "Yes", "false": "No"})
DIRECTIONS = Words(
    {"down": "Latest, longest or best first", "up": "Earliest, shortest or worst first"}
)
