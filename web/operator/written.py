"""The status as JSON, for programs that watch the installation."""

from collections.abc import Sequence

from fastapi import Response
from pydantic import TypeAdapter

from database.queries.operating.lags import Halted, Queue
from database.queries.operating.waiting import Waiting
from database.tables import OperatorAction
from services.operating.lags import Lags
from services.operating.processes import Processes, Seen
from services.operating.status import Status
from services.operating.stuck import Findings, Stuck
from services.operating.troubles import Trouble

ANY = TypeAdapter[object](object)


def written(status: Status) -> Response:
    """Return the answer of a status."""
    told = {
        "at": status.at,
        "is_well": status.is_well,
        "temporal": "up" if status.findings.temporal_answers else "down",
        "database": "up" if status.processes.can_be_written else "down",
        "stuck": _stuck(status.findings),
        "lags": _lags(status.lags),
        "processes": _processes(status.processes),
        "actions": [_action(one) for one in status.actions],
    }
    return Response(ANY.dump_json(told), media_type="application/json")


def _stuck(findings: Findings) -> object:
    return {
        "counts": {str(one): findings.counts[one] for one in Trouble},
        "found": [_one(one) for one in findings.found],
        "failing_known": findings.temporal_answers and findings.knows_failing,
        "schedules_asked": findings.runs.asked,
        "all_schedules_asked": findings.runs.is_whole,
    }


def _one(one: Stuck) -> object:
    return {
        "trouble": str(one.trouble),
        "subject": one.subject,
        "workflow_id": one.workflow_id or None,
        "workflow_type": one.kind,
        "conversation_id": one.conversation_id,
        "account_id": one.account_id,
        "line_id": one.line_id,
        "since": one.since,
        "tries": one.tries,
        "version": one.version,
        "code": one.code,
        "remedies": {str(remedy): one.subject_of(remedy) for remedy in one.remedies},
    }


def _lags(lags: Lags) -> object:
    return {
        "not_handed_over": _waiting(lags.not_handed_over),
        "texts_unsent": lags.left_alone,
        "unknown": _waiting(lags.in_doubt),
        "followers": {name: _waiting(one) for name, one in lags.followers.items()},
        "queues": [_queue(one) for one in lags.queues],
        "connectors_paused": _halted(lags.paused_connectors),
        "lines_refused": _halted(lags.refused_lines),
        "lines_unread": _halted(lags.unread_lists),
        "lines_behind": lags.lines_behind,
        "endpoints_halted": _halted(lags.halted_endpoints),
    }


def _waiting(one: Waiting) -> object:
    return {"count": one.count, "since": one.since}


def _queue(one: Queue) -> object:
    return {"account_id": one.account_id, "count": one.count, "since": one.since}


def _halted(halted: Sequence[Halted]) -> object:
    return [
        {
            "account_id": one.account_id,
            "name": one.name,
            "since": one.since,
            "why": one.word,
            "count": one.count,
        }
        for one in halted
    ]


def _processes(found: Processes) -> object:
    return {
        "schema_revision": found.revision,
        "complaints": [str(one) for one in found.complaints],
        "seen": [_process(one) for one in found.seen],
    }


def _process(seen: Seen) -> object:
    process = seen.process
    return {
        "id": process.id,
        "kind": process.kind,
        "name": process.name,
        "identity": process.identity,
        "version": process.version,
        "build_id": process.build_id,
        "schema_revision": process.schema_revision,
        "clock_seconds": round(process.clock_seconds, 3),
        "started_at": process.started_at,
        "seen_at": process.seen_at,
        "is_gone": seen.is_gone,
        "complaints": [str(one) for one in seen.complaints],
    }


def _action(one: OperatorAction) -> object:
    return {
        "at": one.at,
        "operator": one.operator,
        "remedy": one.remedy,
        "subject": one.subject,
        "account_id": one.account_id,
        "outcome": one.outcome,
    }
