"""Delivery of outgoing texts: a status only ever rises, whatever the order of the reports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from database.direct import Executor
from database.queries.consent import Consenting
from database.queries.events import CHANNEL_EVENTS, LOCK_PREFIX
from domain.conversation.kinds import EventKind
from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import NOT_DELIVERED, NOT_YET_SENT, RANKS, below, is_final

OUTGOING = b"""
    SELECT id, account_id, consumer_id, line_id, attempted_at FROM message
    WHERE (id = %(message_id)s OR provider_message_id = %(provider_message_id)s)
      AND status = ANY(%(outgoing)s) AND line_id = %(line_id)s
    ORDER BY id = %(message_id)s DESC NULLS LAST
    LIMIT 1
"""

# A text that was given up is asked about again once a report names it: without the rest of its
# parts' reports it would never be known to be delivered.
# A text that was sent again has two provider's ids; a failure of the unknown one is ignored. A text
# in doubt becomes `sending` again as soon as a provider's id shows that it was accepted.
# The event's lock is taken after the change (see `database.queries.events`).
RAISE = b"""
    WITH raised AS (
        UPDATE message
        SET status = %(status)s, status_at = %(at)s,
            provider_message_id = coalesce(provider_message_id, %(provider_message_id)s),
            failure_code = %(failure_code)s, failure_sentence = %(failure_sentence)s,
            provider_code = %(provider_code)s, provider_message = %(provider_message)s,
            billed_segments = coalesce(%(billed_segments)s, billed_segments),
            price = coalesce(%(price)s, price),
            price_currency = coalesce(%(price_currency)s, price_currency),
            look_up_at = CASE WHEN NOT %(is_final)s THEN coalesce(
                %(look_up_at)s, look_up_at, CASE
                    WHEN provider_message_id IS NULL THEN CAST(%(first_look_up_at)s AS timestamptz)
                END
            ) END
        WHERE id = %(message_id)s AND status = ANY(%(lower)s) AND (
            NOT %(is_of_one_try)s OR provider_message_id IS NULL
            OR provider_message_id = %(provider_message_id)s
        ) AND (NOT %(is_in_doubt)s OR provider_message_id IS NULL)
          AND (NOT %(is_given_up)s OR status = 'queued' OR attempted_at = %(claimed_at)s)
        RETURNING account_id, conversation_id, agent_id
    ), locked AS MATERIALIZED (
        SELECT raised.*, pg_advisory_xact_lock(hashtextextended(%(lock)s || account_id, 0))
        FROM raised
    ), added AS (
        INSERT INTO event (account_id, conversation_id, agent_id, kind, data, at)
        SELECT account_id, conversation_id, agent_id, %(kind)s, CAST(%(data)s AS jsonb), %(at)s
        FROM locked RETURNING account_id
    )
    SELECT pg_notify(%(channel)s, account_id) FROM added
"""
OWN = b"""
    UPDATE message
    SET provider_message_id = %(provider_message_id)s,
        look_up_at = coalesce(%(look_up_at)s, look_up_at)
    WHERE id = %(message_id)s AND provider_message_id IS NULL AND status = ANY(%(outgoing)s)
"""
# What a provider bills may come with a report that raises nothing. Prices are told, segments not.
BILL = b"""
    WITH billed AS (
        UPDATE message
        SET billed_segments = coalesce(%(billed_segments)s, billed_segments),
            price = coalesce(%(price)s, price),
            price_currency = coalesce(%(price_currency)s, price_currency)
        WHERE id = %(message_id)s AND provider_message_id = %(provider_message_id)s AND (
            billed_segments IS DISTINCT FROM coalesce(%(billed_segments)s, billed_segments)
            OR price IS DISTINCT FROM coalesce(%(price)s, price)
            OR price_currency IS DISTINCT FROM coalesce(%(price_currency)s, price_currency)
        )
        RETURNING account_id, conversation_id, agent_id, status
    ), locked AS MATERIALIZED (
        SELECT billed.*, pg_advisory_xact_lock(hashtextextended(%(lock)s || account_id, 0))
        FROM billed WHERE CAST(%(price)s AS numeric) IS NOT NULL
    ), added AS (
        INSERT INTO event (account_id, conversation_id, agent_id, kind, data, at)
        SELECT account_id, conversation_id, agent_id, %(kind)s,
            CAST(%(bill)s AS jsonb) || jsonb_build_object('status', status), %(at)s
        FROM locked RETURNING account_id
    )
    SELECT pg_notify(%(channel)s, account_id) FROM added
"""
OF_OURS = [str(word) for word in RANKS]
FIRST_LOOK_UP = timedelta(minutes=1)
"""After a report has named a text that was given up, the time until its provider is asked. Ours."""


@dataclass(frozen=True)
class DeliveryFailure:
    """Why a text failed: our stable code, and the sentence the agent reads.

    `provider_code`, `provider_message`: the provider's own code and words, if it gave any.
    """

    code: str
    sentence: str
    provider_code: str | None = None
    provider_message: str | None = None


@dataclass(frozen=True)
class Bill:
    """What a provider bills for a text, as far as it tells; None leaves what is known."""

    segments: int | None = None
    price: Decimal | None = None
    currency: str | None = None

    @property
    def told(self) -> dict[str, object]:
        """Return what an event tells of it."""
        price = None if self.price is None else str(self.price)
        told = {**self.values, "price": price}
        return {name: value for name, value in told.items() if value is not None}

    @property
    def values(self) -> dict[str, object]:
        return {
            "billed_segments": self.segments,
            "price": self.price,
            "price_currency": self.currency,
        }


@dataclass(frozen=True)
class ReportedText:
    """The text of ours that a delivery report is about, and its consumer."""

    message_id: UUID
    to: Consenting
    attempted_at: datetime | None


async def report(
    executor: Executor,
    message_id: UUID,
    status: MessageStatus,
    *,
    provider_message_id: str | None = None,
    failure: DeliveryFailure | None = None,
    bill: Bill | None = None,
    at: datetime,
    look_up_at: datetime | None = None,
) -> bool:
    """Raise a text's status and append the event; returns whether it rose.

    The provider's id is stored in any case if none was known, because an answer may have been lost.
    `look_up_at`: the time of the next look-up; None leaves it unchanged, and a final status clears
    it.
    This takes the event lock: do nothing after it in the transaction.
    """
    lower = below(status)
    if provider_message_id and status in NOT_YET_SENT:
        status = MessageStatus.sending
        lower = (*below(status), MessageStatus.unknown)
    bill = bill or Bill()
    data = delivery_data(message_id, status, failure) | bill.told
    ids = {"message_id": message_id, "provider_message_id": provider_message_id}
    change = _change(status, failure, at, is_of_known_id=provider_message_id is not None)
    event = _event(data, lower)
    first_look_up_at = at + FIRST_LOOK_UP if provider_message_id else None
    around = {"look_up_at": look_up_at, "first_look_up_at": first_look_up_at}
    if await executor(RAISE, ids | change | event | around | bill.values):
        return True
    if provider_message_id:
        await executor(OWN, ids | {"outgoing": OF_OURS, "look_up_at": look_up_at})
        if bill.told:
            told = {"bill": json.dumps({"message_id": str(message_id)} | bill.told)}
            await executor(BILL, ids | change | event | around | bill.values | told)
    return False


async def give_up(
    executor: Executor,
    message_id: UUID,
    failure: DeliveryFailure,
    *,
    claimed_at: datetime | None = None,
    at: datetime,
) -> bool:
    """Fail a text that waits to be sent; returns whether it was.

    `claimed_at`: also one that was claimed then, and of which certainly nothing left. A text that
    somebody else has claimed meanwhile is left alone. Do nothing after it, as after `report`.
    """
    status = MessageStatus.failed
    change = _change(status, failure, at, is_of_known_id=False)
    own = {"is_in_doubt": True, "is_given_up": True, "claimed_at": claimed_at}
    event = _event(delivery_data(message_id, status, failure), NOT_YET_SENT)
    ids = {"message_id": message_id, "provider_message_id": None}
    asking = {"look_up_at": None, "first_look_up_at": None}
    return await executor(RAISE, change | own | event | ids | asking | Bill().values) is not None


def _event(data: Mapping[str, object], lower: Sequence[MessageStatus]) -> dict[str, object]:
    return {
        "kind": str(EventKind.message_status),
        "data": json.dumps(data),
        "lower": [str(word) for word in lower],
        "lock": LOCK_PREFIX,
        "channel": CHANNEL_EVENTS,
    }


def delivery_data(
    message_id: UUID, status: MessageStatus, failure: DeliveryFailure | None = None
) -> dict[str, object]:
    """Return the data of a delivery event."""
    data: dict[str, object] = {"message_id": str(message_id), "status": str(status)}
    if failure:
        data |= {"failure_code": failure.code, "failure_sentence": failure.sentence}
        data |= {"provider_code": failure.provider_code} if failure.provider_code else {}
    return data


def _change(
    status: MessageStatus, failure: DeliveryFailure | None, at: datetime, *, is_of_known_id: bool
) -> dict[str, object]:
    return {
        "status": str(status),
        "at": at,
        "failure_code": failure.code if failure else None,
        "failure_sentence": failure.sentence if failure else None,
        "provider_code": failure.provider_code if failure else None,
        "provider_message": failure.provider_message if failure else None,
        "is_final": is_final(status),
        "is_in_doubt": status is MessageStatus.unknown,
        "is_given_up": False,
        "claimed_at": None,
        "is_of_one_try": status in NOT_DELIVERED and is_of_known_id,
    }


async def reported_text(
    executor: Executor, line_id: str, message_id: UUID | None, provider_message_id: str
) -> ReportedText | None:
    """Return the text of a line that a report is about, by our id or else by the provider's."""
    ids = {"message_id": message_id, "provider_message_id": provider_message_id}
    row = await executor(OUTGOING, ids | {"outgoing": OF_OURS, "line_id": line_id})
    return ReportedText(row[0], Consenting(*row[1:4]), row[4]) if row else None
