"""Pages besides the workspace: who reads them, and what surrounds their content."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse

from api.app_state import SessionDep
from domain.people.roles import Role
from services.caller import Caller
from web.page_context import (
    STATES,
    OwnStatus,
    PageContext,
    PageUser,
    PageUserDep,
    load_context,
    load_own_status,
)
from web.rendering import Pages, PagesDep


@dataclass(frozen=True)
class Frame:
    """A page without its content: its user, and all that is the same on every page."""

    user: PageUser
    own: OwnStatus
    page: PageContext
    pages: Pages
    session: SessionDep

    @property
    def caller(self) -> Caller:
        return self.user.caller

    @property
    def account_id(self) -> str:
        return self.user.caller.account_id

    async def let_go(self) -> None:
        """Give the database connection back before somebody slow is asked.

        Nothing is read or written through the frame's session after it.
        """
        await self.session.commit()

    def answer(self, template: str, **shown: Any) -> HTMLResponse:
        """Return the page of a template, in its frame."""
        return self.pages.answer(template, own=self.own, page=self.page, states=STATES, **shown)


async def _frame(user: PageUser, session: SessionDep, pages: Pages, role: Role) -> Frame:
    user.caller.require(role)
    own = await load_own_status(session, user)
    page = await load_context(session, user.caller)
    return Frame(user, own, page, pages, session)


async def get_peoples_frame(user: PageUserDep, session: SessionDep, pages: PagesDep) -> Frame:
    return await _frame(user, session, pages, Role.agent)


async def get_managers_frame(user: PageUserDep, session: SessionDep, pages: PagesDep) -> Frame:
    return await _frame(user, session, pages, Role.manager)


async def get_admins_frame(user: PageUserDep, session: SessionDep, pages: PagesDep) -> Frame:
    return await _frame(user, session, pages, Role.admin)


PeoplesFrame = Annotated[Frame, Depends(get_peoples_frame)]
ManagersFrame = Annotated[Frame, Depends(get_managers_frame)]
AdminsFrame = Annotated[Frame, Depends(get_admins_frame)]
