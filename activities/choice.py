"""The activity that asks for an agent at once, for a conversation that has just begun to wait."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog
from temporalio import activity

from activities.contract import CHOOSE, Choice, ChoiceMade, ChoiceRequest
from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.routing import Assignment, wake_router
from domain.routing.kinds import AcceptMode

log = structlog.stdlib.get_logger()


class AgentChooser(Protocol):
    """The port to routing: `routing.router.Router`, which itself signals other conversations."""

    async def choose_at_once(self, account_id: str, conversation_id: UUID) -> Assignment | None:
        """Choose an agent for a conversation that just began to wait. None: it is done later."""
        ...


@dataclass(frozen=True)
class Choices:
    """The local activity that asks the router. `router`: None: it runs in other processes only."""

    sessions: Sessions
    router: AgentChooser | None = None

    @activity.defn(name=CHOOSE)
    async def choose(self, request: ChoiceRequest) -> ChoiceMade:
        """Choose an agent at once if the router can. Otherwise it chooses later from the queue."""
        try:
            chosen = await self._chosen(request)
        except NOT_DONE as error:
            log.warning("not_chosen_at_once", error=type(error).__name__)
            return ChoiceMade()
        return ChoiceMade(choice=_as_choice(chosen) if chosen else None)

    async def _chosen(self, request: ChoiceRequest) -> Assignment | None:
        if self.router is None:
            await wake_router(self.sessions.direct, request.account_id)
            return None
        conversation_id = UUID(request.conversation_id)
        return await self.router.choose_at_once(request.account_id, conversation_id)


def _as_choice(chosen: Assignment) -> Choice:
    return Choice(
        ticket=chosen.ticket,
        agent_id=chosen.agent_id,
        agent_name=chosen.agent_name,
        is_offer=chosen.accept_mode == AcceptMode.ring,
    )
