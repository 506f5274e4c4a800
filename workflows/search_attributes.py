"""Search attributes of conversations, for operators. They are not encrypted: ids and words only."""

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from domain.conversation.kinds import Status
from domain.conversation.state import ConversationState

ACCOUNT = SearchAttributeKey.for_keyword("SwitchboardAccount")
LINE = SearchAttributeKey.for_keyword("SwitchboardLine")
CONVERSATION = SearchAttributeKey.for_keyword("SwitchboardConversation")
SKILL = SearchAttributeKey.for_keyword("SwitchboardSkill")
AGENT = SearchAttributeKey.for_keyword("SwitchboardAgent")
STATUS = SearchAttributeKey.for_keyword("SwitchboardStatus")
WAITING_SINCE = SearchAttributeKey.for_datetime("SwitchboardWaitingSince")
"""When its wait for an agent began; it keeps the time of the last wait."""
DUE_AT = SearchAttributeKey.for_datetime("SwitchboardDueAt")
"""When the consumer was to have an answer, as its status, skill or agent last changed."""
ALL = (ACCOUNT, LINE, CONVERSATION, SKILL, AGENT, STATUS, WAITING_SINCE, DUE_AT)

CALL_TIMEOUT = timedelta(seconds=10)
"""Ours: far above the time of a call, and the next attempt follows in seconds."""


def at_start(
    account_id: str, line_id: str, skill_id: str | None, now: datetime
) -> TypedSearchAttributes:
    """Return the attributes known at the start of a workflow, which cost no action then."""
    known = {ACCOUNT: account_id, LINE: line_id, STATUS: Status.waiting.value, SKILL: skill_id}
    words = [SearchAttributePair(key, value) for key, value in known.items() if value]
    return TypedSearchAttributes([*words, SearchAttributePair(WAITING_SINCE, now)])


async def register(client: Client) -> None:
    """Register missing attributes at start-up. Raises `RuntimeError` for one of another type.

    An unregistered attribute would stop every conversation at its first upsert.
    """
    lacking = await missing(client)
    if lacking:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=lacking),
            timeout=CALL_TIMEOUT,
        )


async def missing(client: Client) -> dict[str, IndexedValueType.ValueType]:
    """Return the names of attributes that are not registered, with their types.

    Raises `RuntimeError` for one that has another type.
    """
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace), timeout=CALL_TIMEOUT
    )
    wanted = {key.name: _type_of(key) for key in ALL}
    for name, kind in wanted.items():
        if known.custom_attributes.get(name, kind) != kind:
            raise RuntimeError(f"Search attribute {name} exists with another type.")
    return {name: kind for name, kind in wanted.items() if name not in known.custom_attributes}


def _type_of(key: SearchAttributeKey[Any]) -> IndexedValueType.ValueType:
    return IndexedValueType.ValueType(int(key.indexed_value_type))


def follow(state: ConversationState) -> None:
    """Update the running workflow's attributes if its state has changed.

    An upsert is a billable action. The one at the close is spared: Temporal shows that it ended.
    Times alone cause none: they go with the others. So histories from before they existed replay.
    """
    if state.status is Status.closed:
        return
    known = workflow.info().typed_search_attributes
    wanted = {STATUS: state.status.value, SKILL: state.skill_id or "", AGENT: state.agent_id or ""}
    changed = {key: value for key, value in wanted.items() if (known.get(key) or "") != value}
    if not changed:
        return
    if known.get(CONVERSATION) != state.id:
        changed[CONVERSATION] = state.id
    updates = [key.value_set(value) for key, value in changed.items()]
    workflow.upsert_search_attributes([*updates, *_times(state, known)])


def _times(
    state: ConversationState, known: TypedSearchAttributes
) -> list[SearchAttributeUpdate[Any]]:
    times: list[SearchAttributeUpdate[Any]] = []
    if state.response_due_at is not None:
        times.append(DUE_AT.value_set(state.response_due_at))
    elif known.get(DUE_AT) is not None:
        times.append(DUE_AT.value_unset())
    if state.status is Status.waiting and state.queued_at is not None:
        times.append(WAITING_SINCE.value_set(state.queued_at))
    return times
