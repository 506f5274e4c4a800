"""The panels of one conversation: addresses filled in with what the caller may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumer_fields, conversations, panels
from database.queries.conversations import ListedConversation
from database.tables import Panel
from domain.consumers.fields import Field, FieldValue
from domain.consumers.panels import panel_template
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.configuring.panels import PLACES

WORDS = {
    "number": "Number",
    "name": "Name",
    "email": "E-mail",
    "conversation_id": "Conversation",
    "consumer_id": "Consumer",
}
"""What places are called that are no fields."""


@dataclass(frozen=True)
class PanelShown:
    """A panel with its address; without one, `missing` names what is not known of the consumer."""

    panel: Panel
    url: str | None
    missing: Sequence[str]


async def of_conversation(
    caller: Caller, session: AsyncSession, conversation_id: UUID
) -> list[PanelShown]:
    """Return the panels for a conversation. Raises `NotFound`.

    A panel is left out if its address needs a field that the caller does not see or that is
    retired.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.consumers_read)
    shown = await conversations.find(session, caller.viewer, conversation_id)
    seen = await consumer_fields.in_use(session, caller.account_id, caller.roles)
    fields = {field.key: field for field in seen}
    known, values = {*PLACES, *fields}, _values(shown, fields)
    found = []
    for panel in await panels.in_use(session, caller.account_id):
        template = panel_template(panel.template)
        if set(template.places) <= known:
            filled = template.filled(values)
            missing = [WORDS.get(name) or fields[name].name for name in filled.missing]
            found.append(PanelShown(panel, filled.url, missing))
    return found


async def frame_origins(caller: Caller, session: AsyncSession) -> list[str]:
    """Return the hosts that the account's panels come from, as pages list them."""
    caller.require(Role.agent)
    return [panel.origin for panel in await panels.in_use(session, caller.account_id)]


def _values(shown: ListedConversation, fields: Mapping[str, Field]) -> dict[str, str]:
    consumer = shown.consumer
    own = {
        "number": consumer.number,
        "name": consumer.name or "",
        "email": consumer.email or "",
        "conversation_id": str(shown.conversation.id),
        "consumer_id": str(consumer.id),
    }
    kept = {key: _written(consumer.fields.get(field.id)) for key, field in fields.items()}
    return kept | own


def _written(value: FieldValue | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
