"""Search attributes of conversations, for operators. They are not encrypted: ids and words only."""

from datetime import timedelta

from temporalio import workflow
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from domain.conversation.kinds import Status
from domain.conversation.state import ConversationState

ACCOUNT = SearchAttributeKey.for_keyword("SwitchboardAccount")
LINE = SearchAttributeKey.for_keyword("SwitchboardLine")
CONVERSATION = SearchAttributeKey.for_keyword("SwitchboardConversation")
SKILL = SearchAttributeKey.for_keyword("SwitchboardSkill")
AGENT = SearchAttributeKey.for_keyword("SwitchboardAgent")
STATUS = SearchAttributeKey.for_keyword("SwitchboardStatus")
ALL = (ACCOUNT, LINE, CONVERSATION, SKILL, AGENT, STATUS)
KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD

CALL_TIMEOUT = timedelta(seconds=10)
"""Ours: far above the time of a call, and the next attempt follows in seconds."""


def at_start(account_id: str, line_id: str, skill_id: str | None) -> TypedSearchAttributes:
    """Return the attributes known at the start of a workflow, which cost no action then."""
    known = {ACCOUNT: account_id, LINE: line_id, STATUS: Status.waiting.value, SKILL: skill_id}
    return TypedSearchAttributes(
        [SearchAttributePair(key, value) for key, value in known.items() if value]
    )


async def register(client: Client) -> None:
    """Register missing attributes at start-up. Raises `RuntimeError` for one of another type.

    An unregistered attribute would stop every conversation at its first upsert.
    """
    lacking = await missing(client)
    if lacking:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=client.namespace, search_attributes=dict.fromkeys(lacking, KEYWORD)
            ),
            timeout=CALL_TIMEOUT,
        )


async def missing(client: Client) -> list[str]:
    """Return the names of attributes that are not registered.

    Raises `RuntimeError` for one of another type.
    """
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace), timeout=CALL_TIMEOUT
    )
    for key in ALL:
        if known.custom_attributes.get(key.name, KEYWORD) != KEYWORD:
            raise RuntimeError(f"Search attribute {key.name} exists with another type.")
    return [key.name for key in ALL if key.name not in known.custom_attributes]


def follow(state: ConversationState) -> None:
    """Update the running workflow's attributes if its state has changed.

    An upsert is a billable action. The one at the close is spared: Temporal shows that it ended.
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
    workflow.upsert_search_attributes([key.value_set(value) for key, value in changed.items()])
