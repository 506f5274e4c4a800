"""Somebody who gives a conversation commands at its page, and what the page shows then."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form
from fastapi.responses import HTMLResponse

from api.schemas.shared import Text
from api.v1.commands import Desk, DeskDep
from api.web import workspace
from api.web.rendering import Pages, PagesDep
from api.web.workspace import Worker, WorkerDep

FRESH = 20
"""Entries of a transcript that an answer brings along."""

Body = Annotated[Text, Form()]


@dataclass(frozen=True)
class Acting:
    """Somebody who gives a conversation commands at its page."""

    desk: Desk
    worker: Worker
    pages: Pages

    async def changed(self) -> HTMLResponse:
        """Return the conversation as it stands now: whoever writes reads their own write."""
        conversation_id = self.desk.conversation_id
        async with self.desk.parts.sessions.begin() as session:
            setting = await workspace.setting(session, self.worker.caller.account_id)
            opened = await workspace.opened(
                session, self.worker, conversation_id, setting.names, entries=FRESH
            )
        shown = {"setting": setting, "conversation_id": conversation_id}
        html = self.pages.render("updates/conversation.html", opened=opened, **shown)
        html += self.pages.render("updates/entries.html", entries=opened.timeline.entries, **shown)
        return HTMLResponse(html)


def get_acting(desk: DeskDep, worker: WorkerDep, pages: PagesDep) -> Acting:
    return Acting(desk, worker, pages)


ActingDep = Annotated[Acting, Depends(get_acting)]


def lines(text: str) -> str:
    """Return a form's text with plain line ends: browsers send two characters for each."""
    return text.replace("\r\n", "\n")
