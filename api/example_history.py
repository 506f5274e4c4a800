"""The values of examples about all conversations, reports, and what is forgotten."""

from collections.abc import Mapping
from typing import Any

from domain.reporting.catalogue import FIGURES

OF_HISTORY: Mapping[str, Any] = {
    "ColumnOut.name": "Opened",
    "ColumnOut.sort": "opened",
    "FigureOut.id": "first_response_time",
    "FigureOut.name": "First response time",
    "FigureOut.says": FIGURES["first_response_time"].says,
    "HistoryHit.agent_id": "acme-ann",
    "HistoryHit.close_reason": "agent",
    "HistoryHit.closing_reason_id": "acme-solved",
    "HistoryHit.is_first": True,
    "HistoryHit.is_late": False,
    "HistoryHit.label_ids": ["acme-refund"],
    "HistoryHit.language": "en",
    "HistoryHit.last_text": "Thank you!",
    "HistoryHit.line_id": "acme-support-line",
    "HistoryHit.opened_by": "consumer",
    "HistoryHit.origin": "text",
    "HistoryHit.origin_id": None,
    "HistoryHit.response_due_at": None,
    "HistoryHit.skill_id": "acme-support",
    "HistoryHit.skill_ids": ["acme-support"],
    "HistoryHit.status": "closed",
    "HistoryHit.survey_outcome": "completed",
    "HistoryHit.survey_scale": "one_to_five",
    "HistoryHit.survey_nps": 9,
    "HistoryHit.survey_resolved": True,
    "HistoryHit.survey_score": 5,
    "HistoryHit.survey_satisfied": True,
    "HistoryHit.took_part": ["acme-ann"],
    "HistoryHit.waiting_since": None,
    "HistoryOut.next": None,
    "HistoryViewOut.columns": ["opened", "consumer", "agent", "score"],
    "HistoryViewOut.name": "Bad ratings of the last month",
    "RatingOut.scale": "one_to_five",
    "ReportRowOut.key": "acme-ann",
    "ReportRowOut.name": "Ann",
    "WouldGoOut.at_least": [],
}
