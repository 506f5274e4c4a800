"""Lists of conversations, as the API and pages ask for them: parameters, order, cursors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from api.list_cursors import read_moment, read_position, written_position
from api.schemas.shared import SlugText, read_cursor, unknown_cursor, write_cursor
from database.queries.conversation_filters import ConversationFilters
from database.queries.conversations import (
    ListedConversation,
    Queued,
    QueueListPosition,
    WaitPosition,
    wait_position,
)
from domain.conversation.kinds import Status
from domain.conversation.urgency import ListOrder
from domain.numbers.phone_numbers import LONGEST_ADDRESS
from domain.origins.kinds import OriginKind
from domain.searching.numbers import with_plus
from domain.settings.priorities import Priority
from services.caller import Caller
from services.looking import conversations as looking
from services.looking.conversations import ConversationQuery, View
from services.looking.views import LONGEST_WAIT

Priorities = Annotated[
    list[Priority], Query(max_length=len(Priority), description="They are so urgent.")
]
Labels = Annotated[
    list[SlugText], Query(max_length=20, description="They bear at least one of these labels.")
]
VIEWS = (
    "mine: assigned to the caller. waiting: the queue, in the order of service. done: closed, with "
    "the caller as the last agent."
)
ORDERS = (
    "longest_waiting: unanswered ones first, by the start of their wait; due_first: by their "
    "response deadline. Without one: newest, or the order of service."
)
WAITS, OTHERS = "waits", "others"


@dataclass(frozen=True)
class Waiting:
    """Filters by who waits for whom."""

    unanswered: bool
    minutes: int | None
    overdue: bool
    unread: bool
    failed: bool


def get_waiting(
    unanswered: Annotated[bool, Query(description="Their consumer waits for a reply.")] = False,
    waits_minutes: Annotated[
        int | None, Query(ge=0, le=LONGEST_WAIT, description="Unanswered for so long.")
    ] = None,
    overdue: Annotated[bool, Query(description="The reply was due before now.")] = False,
    unread: Annotated[bool, Query(description="Yours, with texts you have not read.")] = False,
    failed: Annotated[
        bool, Query(description="A text of ours did not arrive, and none after it is better off.")
    ] = False,
) -> Waiting:
    return Waiting(unanswered, waits_minutes, overdue, unread, failed)


@dataclass(frozen=True)
class Whose:
    """Filters by the consumer."""

    number: str | None
    part: str | None
    id: UUID | None


def get_whose(
    number: Annotated[
        str | None,
        Query(
            max_length=LONGEST_ADDRESS,
            description=(
                "The consumer: a number with its country in any spelling, such as "
                "+1 202-555-0123, a short code, a name."
            ),
        ),
    ] = None,
    number_part: Annotated[
        str | None,
        Query(
            max_length=LONGEST_ADDRESS,
            description="At least three digits of the consumer's number; …0004: it ends so.",
        ),
    ] = None,
    consumer: UUID | None = None,
) -> Whose:
    whole, part = (with_plus(one) if one else None for one in (number, number_part))
    return Whose(whole, part, consumer)


@dataclass(frozen=True)
class Began:
    """Filters by how conversations began."""

    origins: tuple[OriginKind, ...]
    source_id: str | None
    origin_id: str | None


def get_began(
    origin: Annotated[
        list[OriginKind], Query(max_length=len(OriginKind), description="How they began.")
    ] = [],  # noqa: B006 - FastAPI copies it
    source: Annotated[SlugText | None, Query(description="The source they began with.")] = None,
    origin_id: Annotated[
        str | None,
        Query(
            max_length=100,
            pattern=r"^[!-~]*$",
            description="The notification, batch, call or source.",
        ),
    ] = None,
) -> Began:
    return Began(tuple(origin), source, origin_id)


def get_filters(
    waiting: Annotated[Waiting, Depends(get_waiting)],
    whose: Annotated[Whose, Depends(get_whose)],
    began: Annotated[Began, Depends(get_began)],
    status: Annotated[list[Status], Query(max_length=4)] = [],  # noqa: B006 - FastAPI copies it
    agent: SlugText | None = None,
    skill: SlugText | None = None,
    line: SlugText | None = None,
    label: Labels = [],  # noqa: B006 - FastAPI copies it
    priority: Priorities = [],  # noqa: B006 - FastAPI copies it
) -> ConversationFilters:
    return ConversationFilters(
        origins=began.origins,
        source_id=began.source_id,
        origin_id=began.origin_id,
        statuses=tuple(status),
        agent_id=agent,
        skill_id=skill,
        line_id=line,
        consumer_id=whose.id,
        label_ids=tuple(label),
        priorities=tuple(priority),
        is_unanswered=waiting.unanswered,
        has_failed_text=waiting.failed,
    )


def get_wanted(
    filters: Annotated[ConversationFilters, Depends(get_filters)],
    waiting: Annotated[Waiting, Depends(get_waiting)],
    whose: Annotated[Whose, Depends(get_whose)],
    view: Annotated[View, Query(description=VIEWS)] = View.all,
    sort: Annotated[ListOrder | None, Query(description=ORDERS)] = None,
) -> ConversationQuery:
    """Read the parameters of a list of conversations."""
    return ConversationQuery(
        view,
        filters,
        number=whose.number,
        number_part=whose.part,
        waits=None if waiting.minutes is None else timedelta(minutes=waiting.minutes),
        is_overdue=waiting.overdue,
        is_unread=waiting.unread,
        order=sort,
    )


WantedDep = Annotated[ConversationQuery, Depends(get_wanted)]


async def read_list(
    caller: Caller,
    session: AsyncSession,
    wanted: ConversationQuery,
    cursor: str | None,
    limit: int,
) -> tuple[Sequence[ListedConversation], str | None]:
    """Return a page of a list, and the next one's cursor. Raises `Invalid` and `NumberInvalid`."""
    if wanted.is_queue:
        return await _queue(caller, session, wanted, cursor, limit)
    order = wanted.order or ListOrder.newest
    if order is ListOrder.newest:
        shown = await looking.list_conversations(
            caller, session, wanted, after=read_position(cursor), limit=limit + 1
        )
        last = written_position(shown[limit - 1]) if len(shown) > limit else None
    else:
        shown = await looking.list_by_wait(
            caller, session, wanted, order, after=_wait(cursor), limit=limit + 1
        )
        last = _written_wait(shown[limit - 1], wanted) if len(shown) > limit else None
    return shown[:limit], write_cursor(last) if last else None


async def _queue(
    caller: Caller,
    session: AsyncSession,
    wanted: ConversationQuery,
    cursor: str | None,
    limit: int,
) -> tuple[Sequence[ListedConversation], str | None]:
    queue = await looking.list_queue(caller, session, wanted, after=_turn(cursor), limit=limit + 1)
    last = _written_turn(queue[limit - 1]) if len(queue) > limit else None
    return [one.shown for one in queue[:limit]], write_cursor(last) if last else None


def _written_wait(shown: ListedConversation, wanted: ConversationQuery) -> list[str]:
    order = wanted.order or ListOrder.newest
    position = wait_position(shown, order, latest_written=wanted.latest_written)
    return [WAITS if position.waits else OTHERS, position.at.isoformat(), str(position.id)]


def _wait(cursor: str | None) -> WaitPosition | None:
    if cursor is None:
        return None
    among, at, conversation_id = read_cursor(cursor, parts=3)
    if among not in (WAITS, OTHERS):
        raise unknown_cursor()
    try:
        return WaitPosition(among == WAITS, read_moment(at), UUID(conversation_id))
    except ValueError as error:
        raise unknown_cursor() from error


def _written_turn(one: Queued) -> list[str]:
    entry = one.entry
    return [
        entry.effective_due_at.isoformat(),
        entry.entered_at.isoformat(),
        str(entry.conversation_id),
    ]


def _turn(cursor: str | None) -> QueueListPosition | None:
    if cursor is None:
        return None
    effective_due_at, entered_at, conversation_id = read_cursor(cursor, parts=3)
    try:
        return QueueListPosition(
            read_moment(effective_due_at), read_moment(entered_at), UUID(conversation_id)
        )
    except ValueError as error:
        raise unknown_cursor() from error
