"""What surrounds every page: who one is, and the account's words."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse

from api.app_state import SessionDep
from domain.people.roles import Role
from services.caller import Caller
from web.rendering import Pages, PagesDep
from web.workspace import workspace
from web.workspace.workspace import STATES, Own, Setting, Worker, WorkerDep


@dataclass(frozen=True)
class Frame:
    """A page for somebody, but for what it is about."""

    worker: Worker
    own: Own
    setting: Setting
    pages: Pages
    session: SessionDep

    @property
    def caller(self) -> Caller:
        return self.worker.caller

    @property
    def account_id(self) -> str:
        return self.worker.caller.account_id

    def answer(self, template: str, **shown: Any) -> HTMLResponse:
        """Return a page with its frame."""
        return self.pages.answer(
            template, own=self.own, setting=self.setting, states=STATES, **shown
        )


async def _frame(worker: Worker, session: SessionDep, pages: Pages, role: Role) -> Frame:
    worker.caller.require(role)
    own = await workspace.own(session, worker)
    setting = await workspace.setting(session, worker.caller)
    return Frame(worker, own, setting, pages, session)


async def get_managers_frame(worker: WorkerDep, session: SessionDep, pages: PagesDep) -> Frame:
    return await _frame(worker, session, pages, Role.manager)


async def get_admins_frame(worker: WorkerDep, session: SessionDep, pages: PagesDep) -> Frame:
    return await _frame(worker, session, pages, Role.admin)


ManagersFrame = Annotated[Frame, Depends(get_managers_frame)]
AdminsFrame = Annotated[Frame, Depends(get_admins_frame)]
