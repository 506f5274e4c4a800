"""Outgoing texts: stand-ins for the statements that claim them and look them up."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import activities.sending
import outgoing.lookups
import outgoing.sender
import outgoing.submission
import routing.opt_outs
from database.queries import delivery, lookups, sending
from database.queries.consent import StillOpen
from database.queries.delivery import report
from database.queries.sending import Departure
from domain.consent.keyword import Keyword
from domain.conversation.kinds import Status
from domain.delivery.message_status import MessageStatus
from tests.simulation.carrier import CARRIER
from tests.simulation.clock import Now
from tests.simulation.database import ANSWERS, Answer, Database, Values
from tests.simulation.lanes import LANES
from tests.simulation.tables import Row

NEVER_GIVEN_UP = 10 * 365 * 86_400
"""Seconds: that old texts fail is tested elsewhere, and here each text must arrive."""
ASKED = (MessageStatus.sending, MessageStatus.sent, MessageStatus.unknown)


def _row(db: Database, message_id: Any) -> tuple[Any, ...] | None:
    """Return a text as `database.queries.sending.FOUND` reads it, behind its status."""
    row = db.tables.message.get(str(message_id))
    if row is None:
        return None
    ours = ("consumer_id", "line_id", "conversation_id")
    lane = db.tables.line_lane.get(row["line_id"], {})
    return (
        *(MessageStatus(row["status"]), row["id"], "acme"),
        *(row[name] for name in ours),
        *(row["provider_message_id"], row["text"], row["is_consent_reply"]),
        *(datetime.fromisoformat(row["written_at"]), row["attempted_at"], row["resent"]),
        *(row["look_up_at"], row["look_ups"], "sender", "long_code", row["consumer_id"]),
        *("connector", CARRIER, b"", None, False, True, row["media"]),
        *(NEVER_GIVEN_UP, 1, row.get("leaves_at"), db.pace),
        *(lane.get("throttled_until"), None, False, False, None),
    )


def _found(db: Database, values: Values) -> list[tuple[Any, ...]]:
    row = _row(db, values["message_id"])
    return [row] if row else []


def _claim_at_once(db: Database, values: Values) -> list[tuple[Any, ...]]:
    row = _row(db, values["message_id"])
    if row is None or row[0] is not MessageStatus.queued or _is_barred(db, values["message_id"]):
        return []
    _claim(db, values["message_id"], values["now"], values["look_up_at"])
    return [(row[0], *(_row(db, values["message_id"]) or ())[1:])]


def _twin_in_doubt(db: Database, values: Values) -> list[tuple[Any, ...]]:
    is_one = any(
        row["text"] == values["text"]
        and str(row["id"]) != str(values["message_id"])
        and str(row["consumer_id"]) == str(values["consumer_id"])
        and row["status"] in ("sending", "unknown")
        and row["provider_message_id"] is None
        and row["look_up_at"] is not None
        for row in db.tables.message.values()
    )
    return [(True,)] if is_one else []


def _is_overtaking(db: Database, values: Values) -> list[tuple[Any, ...]]:
    return []  # nobody here gets a text outside of a conversation


def _claim_again(db: Database, values: Values) -> list[tuple[Any, ...]]:
    return []  # no account here wants texts in doubt to be sent again


def _take_due(db: Database, values: Values) -> list[tuple[Any, ...]]:
    due = [
        key
        for key, row in db.tables.message.items()
        if row["status"] in ASKED and row["look_up_at"] and row["look_up_at"] <= values["now"]
    ]
    due = sorted(due, key=lambda key: str(db.tables.message[key]["look_up_at"]))[: values["limit"]]
    for key in due:
        _change(db, key, {"look_up_at": values["held_until"]})
    return [row for key in due if (row := _row(db, key))]


def _postpone(db: Database, values: Values) -> list[tuple[Any, ...]]:
    row = db.tables.message.get(str(values["message_id"]))
    if row and row["look_up_at"] == values["held_until"]:
        asked = {"look_up_at": values["look_up_at"], "look_ups": values["look_ups"]}
        _change(db, values["message_id"], asked)
    return []


def _raise(db: Database, values: Values) -> list[tuple[Any, ...]]:
    row = db.tables.message.get(str(values["message_id"]))
    if row is None or row["status"] not in values["lower"]:
        return []
    ours, theirs = row["provider_message_id"], values["provider_message_id"]
    is_other = values["is_of_one_try"] and ours not in (None, theirs)
    if is_other or (values["is_in_doubt"] and ours is not None):
        return []
    is_ours = row["status"] == MessageStatus.queued or row["attempted_at"] == values["claimed_at"]
    if values["is_given_up"] and not is_ours:
        return []
    changed = {
        "status": values["status"],
        "status_at": db.now(),
        "provider_message_id": ours or theirs,
        "failure_code": values["failure_code"],
        "look_up_at": None if values["is_final"] else values["look_up_at"] or row["look_up_at"],
    }
    _change(db, values["message_id"], changed)
    return [("raised",)]


def _own_id(db: Database, values: Values) -> list[tuple[Any, ...]]:
    row = db.tables.message.get(str(values["message_id"]))
    if row and row["provider_message_id"] is None:
        theirs = {"provider_message_id": values["provider_message_id"]}
        _change(db, row["id"], theirs | {"look_up_at": values["look_up_at"] or row["look_up_at"]})
    return []


ANSWERS.update(
    dict[bytes, Answer](
        {
            sending.LOOK: _found,
            sending.LOCK: _found,
            sending.CLAIM_AT_ONCE: _claim_at_once,
            sending.IS_OVERTAKING: _is_overtaking,
            sending.TWIN_IN_DOUBT: _twin_in_doubt,
            sending.CLAIM_AGAIN: _claim_again,
            lookups.TAKE_DUE: _take_due,
            lookups.POSTPONE: _postpone,
            delivery.RAISE: _raise,
            delivery.OWN: _own_id,
            **LANES,
        }
    )
)


def _in_session(db: Database) -> Callable[[bytes, Mapping[str, Any]], Awaitable[Any]]:
    """Return an executor in a transaction: nothing else happens meanwhile."""

    async def ask(statement: bytes, values: Mapping[str, Any]) -> Any:
        rows = list(ANSWERS[statement](db, values))
        return rows[0] if rows else None

    return ask


async def _claim_locked(db: Database, message_id: Any, now: datetime, look_up_at: datetime) -> None:
    _claim(db, message_id, now, look_up_at)


async def _release(
    db: Database,
    departure: Departure,
    now: datetime,
    again_at: datetime,
    *,
    is_tried: bool = False,
) -> None:
    row = db.tables.message[str(departure.message_id)]
    is_claimed = row["status"] == MessageStatus.sending
    is_ours = is_claimed and row["attempted_at"] == departure.attempted_at
    is_queued = row["status"] == MessageStatus.queued
    leaves_at = row.get("leaves_at")
    if row["provider_message_id"] is None and (is_ours or is_queued):
        queued = {
            "status": MessageStatus.queued.value,
            "failure_code": None,
            "look_up_at": again_at,
            "leaves_at": leaves_at if leaves_at and leaves_at > now else None,
        }
        if is_tried and is_queued:
            queued |= {"attempts": row["attempts"] + 1, "attempted_at": now}
        _change(db, row["id"], queued)


async def _owned(db: Database, departure: Departure) -> frozenset[str]:
    rows = db.tables.message.values()
    return frozenset(row["provider_message_id"] for row in rows if row["provider_message_id"])


async def _settled(
    db: Database,
    message_id: Any,
    provider_message_id: str,
    status: MessageStatus,
    *,
    failure: Any,
    bill: Any = None,
    at: datetime,
    look_up_at: datetime | None,
) -> bool:
    for key, row in db.tables.message.items():
        if row["provider_message_id"] == provider_message_id and key != str(message_id):
            return False
    await report(
        _in_session(db),
        message_id,
        status,
        provider_message_id=provider_message_id,
        failure=failure,
        bill=bill,
        at=at,
        look_up_at=look_up_at,
    )
    return True


async def _unconfirmed(db: Database, held: Departure, failure: Any, now: datetime) -> bool:
    row = db.tables.message[str(held.message_id)]
    is_ours = row["look_up_at"] == held.look_up_at and row["provider_message_id"] is None
    if row["status"] != MessageStatus.unknown or not is_ours:
        return False
    _change(db, row["id"], {"failure_code": failure.code, "look_up_at": None})
    return True


async def _is_opted_out(db: Database, who: Any) -> bool:
    return bool(db.tables.consumer.get(str(who.consumer_id), {}).get("is_opted_out"))


async def _is_blocked(db: Database, consumer_id: Any) -> bool:
    return False  # no manager here blocks anybody


async def _refusal(db: Database, who: Any, *, sent_at: datetime) -> bool:
    key = str(who.consumer_id)
    db.tables.consumer[key] = db.tables.consumer[key] | {"is_opted_out": True}
    return True


def _claim(db: Database, message_id: Any, now: datetime, look_up_at: datetime) -> None:
    attempts = db.tables.message[str(message_id)]["attempts"] + 1
    claimed: Row = {"status": MessageStatus.sending.value, "status_at": now, "attempts": attempts}
    _change(
        db, message_id, claimed | {"attempted_at": now, "look_up_at": look_up_at, "look_ups": 0}
    )


def _change(db: Database, message_id: Any, changed: Row) -> None:
    db.tables.message[str(message_id)] = db.tables.message[str(message_id)] | changed


def _is_barred(db: Database, message_id: Any) -> bool:
    row = db.tables.message[str(message_id)]
    return db.tables.consumer[row["consumer_id"]]["is_opted_out"] and not row["is_consent_reply"]


async def _claim_still_open(db: Database, *, limit: int) -> list[StillOpen]:
    """A STOP that is coming closes its own conversation."""
    coming = {
        row["consumer_id"]
        for key, row in db.tables.inbound.items()
        if row["keyword"] is Keyword.stop and key not in db.tables.message
    }
    return [
        StillOpen(UUID(key), row["workflow_id"])
        for key, row in db.tables.conversation.items()
        if row["status"] != Status.closed
        and db.tables.consumer.get(row["consumer_id"], {}).get("is_opted_out")
        and row["consumer_id"] not in coming
    ][:limit]


async def left_alone(db: Database, now: datetime, *, after: timedelta, limit: int) -> list[UUID]:
    """Do what `database.queries.unsent_texts.conversations_left_alone` does."""

    def last_at(row: Row) -> datetime:
        written_at = datetime.fromisoformat(row["written_at"])
        times: list[datetime | None] = [written_at, row["attempted_at"], row["look_up_at"]]
        return max(at for at in times if at is not None)

    waiting = [
        row for row in db.tables.message.values() if row["status"] == MessageStatus.queued.value
    ]
    alone = sorted((row for row in waiting if last_at(row) < now - after), key=last_at)
    found = dict.fromkeys(str(row["conversation_id"]) for row in alone)
    return [UUID(one) for one in found][:limit]


async def _not_told(db: Database, kind: object, conversations: object) -> None:
    """Every sweep tells again."""


LOOP = SimpleNamespace(
    get_running_loop=lambda: SimpleNamespace(time=lambda: Now.clock().timestamp())
)
REPLACED: dict[Any, dict[str, Any]] = {
    sending: {
        "in_session": _in_session,
        "claim": _claim_locked,
        "release": _release,
        "owned_provider_ids": _owned,
    },
    lookups: {"settle_found": _settled, "leave_unconfirmed": _unconfirmed},
    activities.sending: {"asyncio": LOOP},
    outgoing.sender: {
        "is_blocked": _is_blocked,
        "is_opted_out": _is_opted_out,
        "in_session": _in_session,
    },
    outgoing.submission: {"record_refusal": _refusal, "in_session": _in_session},
    outgoing.lookups: {"refused": _refusal},
    routing.opt_outs: {"claim_still_open": _claim_still_open, "not_told": _not_told},
}
"""What uses sessions, the clock or the loop, and what stands for it."""
