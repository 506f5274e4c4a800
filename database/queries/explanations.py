"""Records why the router chose an agent or nobody, together with its choices."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.staffing import Staffing
from database.tables import RoutingDecision
from domain.routing.explanations import (
    Explanation,
    explain_choice,
    explain_fallback,
    explain_wait,
    with_fallback,
)
from domain.routing.kinds import AcceptMode, DecisionKind
from domain.routing.matching import Match, Waiting, choose

MOST_EXPLAINED = 200
"""Waiting conversations explained in one transaction, for each reason. Ours."""

ALIKE = sql("""
    SELECT skill_id, requested_agent_id, avoided_agent_id, avoided_was_silent, not_accepted_by,
           was_assigned, may_fall_back, waiting_reason, min(entered_at) AS entered_at
    FROM queue_entry
    WHERE account_id = :account_id AND assigned_agent_id IS NULL
    GROUP BY skill_id, requested_agent_id, avoided_agent_id, avoided_was_silent, not_accepted_by,
             was_assigned, may_fall_back, waiting_reason
    ORDER BY min(entered_at)
    LIMIT 100
""")
SAY_WHY = sql("""
    UPDATE queue_entry SET waiting_reason = :sentence
    WHERE conversation_id IN (
        SELECT conversation_id FROM queue_entry
        WHERE account_id = :account_id AND assigned_agent_id IS NULL
          AND skill_id = :skill_id AND was_assigned = :was_assigned
          AND may_fall_back = :may_fall_back AND avoided_was_silent = :avoided_was_silent
          AND not_accepted_by = CAST(:not_accepted_by AS jsonb)
          AND requested_agent_id IS NOT DISTINCT FROM :requested_agent_id
          AND avoided_agent_id IS NOT DISTINCT FROM :avoided_agent_id
          AND waiting_reason IS DISTINCT FROM :sentence
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    RETURNING conversation_id, ticket
""")


async def record_choices(
    session: AsyncSession,
    account_id: str,
    matches: Sequence[Match],
    staffing: Staffing,
    at: datetime,
) -> None:
    """Record why these agents were chosen, and why a fallback skill was used."""
    rings = staffing.rules.accept_mode is AcceptMode.ring
    kind = DecisionKind.offered if rings else DecisionKind.assigned
    rows: list[dict[str, Any]] = []
    for match in matches:
        if match.waiting.fallback_skill_id:
            sentence = explain_fallback(match.waiting, staffing.skills)
            stands_in = Explanation(sentence, ())
            rows.append(_row(account_id, DecisionKind.fallback, match.waiting, stands_in, at))
        why = explain_choice(match, staffing.skills)
        row = _row(account_id, kind, match.waiting, why, at)
        rows.append(row | {"agent_id": match.agent.agent_id})
    if rows:
        await session.execute(insert(RoutingDecision), rows)


def _row(
    account_id: str, kind: DecisionKind, waiting: Waiting, why: Explanation, at: datetime
) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "conversation_id": UUID(waiting.conversation_id),
        "ticket": waiting.ticket,
        "kind": kind.value,
        "skill_id": waiting.served_by,
        "agent_id": None,
        "reason": why.sentence,
        "candidates": [asdict(one) for one in why.candidates],
        "at": at,
    }


async def record_waits(
    session: AsyncSession, account_id: str, staffing: Staffing, at: datetime
) -> None:
    """Record why conversations wait, each reason once; skips those that can be assigned now.

    A conversation whose own step is changing it is left for the next round.
    """
    for group in (await session.execute(ALIKE, {"account_id": account_id})).all():
        fallback = staffing.fallback(group.skill_id, group.was_assigned, group.may_fall_back)
        waiting = Waiting(
            conversation_id="",
            ticket=0,
            skill_id=group.skill_id,
            entered_at=group.entered_at,
            requested_agent_id=group.requested_agent_id,
            avoided_agent_id=group.avoided_agent_id,
            avoided_was_silent=group.avoided_was_silent,
            not_accepted_by=frozenset(group.not_accepted_by),
            last_offered_at=at if group.not_accepted_by else None,
            fallback_skill_id=fallback.skill_id,
            barred_fallback_id=fallback.barred_id,
        )
        if choose(staffing.agents, waiting, at) is not None:
            continue
        unable = explain_wait(staffing.agents, waiting, staffing.skills, at)
        why = with_fallback(unable, waiting, staffing.skills)
        if why.sentence != group.waiting_reason:
            await _say_why(session, account_id, group._asdict(), waiting, why, at)


async def _say_why(
    session: AsyncSession,
    account_id: str,
    group: dict[str, Any],
    waiting: Waiting,
    why: Explanation,
    at: datetime,
) -> None:
    values = {
        "sentence": why.sentence,
        "account_id": account_id,
        "skill_id": group["skill_id"],
        "was_assigned": group["was_assigned"],
        "may_fall_back": group["may_fall_back"],
        "avoided_was_silent": group["avoided_was_silent"],
        "not_accepted_by": json.dumps(group["not_accepted_by"]),
        "requested_agent_id": group["requested_agent_id"],
        "avoided_agent_id": group["avoided_agent_id"],
        "limit": MOST_EXPLAINED,
    }
    said = (await session.execute(SAY_WHY, values)).all()
    rows = [
        _row(account_id, DecisionKind.waiting, _ticketed(waiting, *one), why, at) for one in said
    ]
    if rows:
        await session.execute(insert(RoutingDecision), rows)


def _ticketed(waiting: Waiting, conversation_id: UUID, ticket: int) -> Waiting:
    return replace(waiting, conversation_id=str(conversation_id), ticket=ticket)
