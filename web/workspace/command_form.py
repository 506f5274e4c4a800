"""Commands given on a conversation's page, and the answer that updates the page."""

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
from web.route import HOME, is_part, redirect
from web.workspace.conversation_view import load_conversation

ANSWERED_ENTRIES = 20
"""How many entries of the transcript an answer carries."""

MessageText = Annotated[Text, Form()]


@dataclass(frozen=True)
class CommandForm:
    """A command given on a conversation's page, and by whom."""

    request: Request
    context: CommandContext
    user: PageUser
    pages: Pages

    async def changed(self) -> Response:
        """Return the conversation as it is now, with what the command has just done."""
        if not is_part(self.request):
            return redirect(self.request, f"{HOME}/{self.context.conversation_id}")
        try:
            return await self._changed()
        except NOT_DONE as error:
            # It is done but cannot be shown. An error would look as if it had failed.
            raise MayStillBeDone.under(self.context.key.value) from error

    async def _changed(self) -> HTMLResponse:
        conversation_id = self.context.conversation_id
        async with self.context.backends.sessions.begin() as session:
            page = await load_context(session, self.user.caller)
            opened = await load_conversation(
                session, self.user, conversation_id, page.names, entries=ANSWERED_ENTRIES
            )
        shown = {"page": page, "conversation_id": conversation_id}
        html = self.pages.render("workspace/updates/conversation.html", opened=opened, **shown)
        html += self.pages.render(
            "workspace/updates/entries.html", entries=opened.timeline.entries, **shown
        )
        return HTMLResponse(html)


def get_command_form(
    request: Request, context: ContextDep, user: PageUserDep, pages: PagesDep
) -> CommandForm:
    return CommandForm(request, context, user, pages)


CommandFormDep = Annotated[CommandForm, Depends(get_command_form)]


def plain_lines(text: str) -> str:
    """Return a text with LF line ends: browsers submit CRLF."""
    return text.replace("\r\n", "\n")
