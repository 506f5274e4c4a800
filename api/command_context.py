"""Who gives a conversation a command over HTTP, and under which key."""

from typing import Annotated

from fastapi import Depends

from api.app_state import BackendsDep
from api.caller import CallerDep
from api.idempotent import KeyDep
from api.schemas.shared import UuidPath
from services.commanding.context import CommandContext


def get_context(
    conversation_id: UuidPath, backends: BackendsDep, caller: CallerDep, key: KeyDep
) -> CommandContext:
    return CommandContext(caller, backends, conversation_id, key)


ContextDep = Annotated[CommandContext, Depends(get_context)]
