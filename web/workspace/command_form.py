"""Somebody who gives a conversation commands at its page, and what the page shows then."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.command_context import ContextDep
from api.schemas.shared import Text
from database.away import NOT_DONE
from domain.errors import MayStillBeDone
from services.commanding.context import CommandContext
from web.page_context import PageUser, PageUserDep, load_context
from web.rendering import Pages, PagesDep
from web.route import HOME, go, is_part
from web.workspace.conversation_view import load_conversation

FRESH = 20
"""Entries of a transcript that an answer brings along."""

Body = Annotated[Text, Form()]


@dataclass(frozen=True)
class CommandForm:
    """Somebody who gives a conversation commands at its page."""

    request: Request
    context: CommandContext
    user: PageUser
    pages: Pages

    async def changed(self) -> Response:
        """Return the conversation as it stands now: whoever writes reads their own write."""
        if not is_part(self.request):
            return go(self.request, f"{HOME}/{self.context.conversation_id}")
        try:
            return await self._changed()
        except NOT_DONE as error:
            # It is done, and can not be shown: not to be told as if it had failed.
            raise MayStillBeDone.under(self.context.key.value) from error

    async def _changed(self) -> HTMLResponse:
        conversation_id = self.context.conversation_id
        async with self.context.backends.sessions.begin() as session:
            page = await load_context(session, self.user.caller)
            opened = await load_conversation(
                session, self.user, conversation_id, page.names, entries=FRESH
            )
        shown = {"page": page, "conversation_id": conversation_id}
        html = self.pages.render("workspace/updates/conversation.html", opened=opened, **shown)
        html += self.pages.render(
            "workspace/updates/entries.html", entries=opened.timeline.entries, **shown
        )
        return HTMLResponse(html)


def get_acting(
    request: Request, context: ContextDep, user: PageUserDep, pages: PagesDep
) -> CommandForm:
    return CommandForm(request, context, user, pages)


CommandFormDep = Annotated[CommandForm, Depends(get_acting)]


def lines(text: str) -> str:
    """Return a form's text with plain line ends: browsers send two characters for each."""
    return text.replace("\r\n", "\n")
