"""What people ask of a long past: each filter alone, and ten combinations."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.history.filters import HistoryFilters

Question = Mapping[str, str | int | Sequence[str]]


def filters_of(question: Question) -> HistoryFilters:
    """Return the filters that a question's parameters stand for."""
    fields = HistoryFilters.model_fields
    values = {
        name: [value]
        if isinstance(fields[name].default, list) and isinstance(value, str | int)
        else value
        for name, value in question.items()
    }
    return HistoryFilters.model_validate(values)


PLAIN: Mapping[str, Question] = {
    "everything": {},
    "open": {"status": "assigned"},
    "closed": {"status": "closed"},
    "skill": {"skill": "acme-hs3"},
    "busiest_agent": {"agent": "acme-h1"},
    "rarest_agent": {"agent": "acme-h60"},
    "took_part": {"took_part": "acme-h30"},
    "team": {"team": "acme-ht"},
    "line": {"line": "acme-support"},
    "other_line": {"line": "acme-sales"},
    "origin": {"origin": "notification"},
    "source": {"source": "acme-ho3"},
    "number_part": {"number_part": "4711"},
    "number_part_common": {"number_part": "555"},
    "number_end": {"number_part": "…0815"},
    "name": {"name": "müller"},
    "name_of_nobody": {"name": "zyx"},
    "close_reason": {"close_reason": "manager"},
    "score": {"score": 1},
    "satisfied": {"satisfied": "true"},
    "detractors": {"nps_group": "detractor"},
    "recommends": {"nps": 6},
    "unresolved": {"resolved": "false"},
    "no_survey": {"survey": "none"},
    "label": {"label": "acme-hl7"},
    "language": {"language": "it"},
    "priority": {"priority": "urgent"},
    "overdue": {"response": "overdue"},
    "late": {"response": "late"},
    "long": {"duration_from": 20_000},
    "answered_in_seconds": {"first_response_to": 1},
    "word_common": {"q": "delivered"},
    "word_form": {"q": "refunds"},
    "word_rare": {"q": "1004711"},
    "word_nowhere": {"q": "xylophone"},
    "words": {"q": "vielen dank"},
    "phrase": {"q": '"on its way"'},
    "phrase_nowhere": {"q": '"way its on"'},
    "by_duration": {"sort": "duration"},
    "by_closing": {"sort": "closed"},
    "by_last_message": {"sort": "last_message", "direction": "up"},
    "by_first_response": {"sort": "first_response"},
    "by_score": {"sort": "score", "direction": "up"},
}


def single(now: datetime) -> Mapping[str, Question]:
    """Return each filter alone, common and rare values, and each order."""

    def days(number: float) -> str:
        return (now - timedelta(days=number)).isoformat()

    return {
        **PLAIN,
        "opened_in_a_day": {"opened_from": days(100), "opened_until": days(99)},
        "opened_in_a_month": {"opened_from": days(200), "opened_until": days(170)},
        "closed_in_a_week": {"closed_from": days(157), "closed_until": days(150)},
        "last_message_before": {"last_message_until": days(300)},
    }


def combined(now: datetime) -> Mapping[str, Question]:
    """Return ten combinations of filters."""
    year, month = ((now - timedelta(days=days)).isoformat() for days in (365, 60))
    return {
        "and_skill_and_agent": {"skill": "acme-hs2", "agent": "acme-h1"},
        "and_skill_and_other_agent": {"skill": "acme-hs7", "agent": "acme-h50", "score": 1},
        "and_bad_ratings": {"satisfied": "false", "skill": "acme-hs3", "opened_from": month},
        "and_words_of_agent": {"q": "refund", "agent": "acme-h5"},
        "and_words_in_language": {"q": "lieferung", "language": "de", "label": "acme-hl3"},
        "and_words_elsewhere": {"q": "lieferung", "language": "en"},
        "and_late_and_long": {"response": "late", "duration_from": 10_000, "sort": "duration"},
        "and_name_and_status": {"name": "jane smith", "status": "closed", "priority": "high"},
        "and_label_by_score": {"label": ["acme-hl1", "acme-hl2"], "sort": "score"},
        "and_all_of_it": {
            "status": "closed",
            "skill": ["acme-hs1", "acme-hs2", "acme-hs3"],
            "line": "acme-support",
            "origin": "text",
            "close_reason": "agent",
            "opened_from": year,
            "q": "broken",
        },
    }
