"""The context of a command over HTTP: who gives it, to which conversation, under which key."""

from typing import Annotated

from fastapi import Depends

from api.app_state import BackendsDep
from api.caller import CallerDep
from api.idempotent import KeyDep
from api.schemas.shared import UuidPath
from domain.errors import (
    Conflict,
    ConversationClosed,
    ConversationInSurvey,
    MayStillBeDone,
    Unavailable,
)
from services.commanding.context import CommandContext

UNANSWERED = (Unavailable, MayStillBeDone)
"""The two ways to get no answer: surely not done, and nobody knows yet."""
ENDED = (ConversationClosed, ConversationInSurvey, Conflict)
"""What a command meets in a conversation that is over."""


def get_context(
    conversation_id: UuidPath, backends: BackendsDep, caller: CallerDep, key: KeyDep
) -> CommandContext:
    return CommandContext(caller, backends, conversation_id, key)


ContextDep = Annotated[CommandContext, Depends(get_context)]
