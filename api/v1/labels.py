"""Labels of the account."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.labels import LabelChange, LabelOut, NewLabel
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from domain.errors import Conflict, NameTaken, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import labels

router = APIRouter(prefix="/labels", tags=["labels"], dependencies=[needs(Area.settings)])


@router.get("")
async def list_labels(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[LabelOut]:
    """List the account's labels."""
    found = await labels.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, LabelOut.model_validate, lambda one: [one.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict, NameTaken))
async def create_label(
    new: NewLabel, caller: AdminDep, session: SessionDep, once: OnceDep
) -> LabelOut:
    """Create a label: at most 200 are in use at a time, each with a name of its own."""

    async def make() -> LabelOut:
        made = await labels.create(caller, session, new.name, new.colour, label_id=new.id)
        return LabelOut.model_validate(made)

    return await once.create(session, LabelOut, make)


@router.get("/{label_id}", responses=documented(NotFound))
async def show_label(label_id: SlugPath, caller: CallerDep, session: SessionDep) -> LabelOut:
    """Show a label, retired or not."""
    return LabelOut.model_validate(await labels.find(caller, session, label_id))


@router.patch("/{label_id}", responses=documented(NotAllowed, NotFound, Conflict, NameTaken))
async def change_label(
    label_id: SlugPath, change: LabelChange, caller: AdminDep, session: SessionDep
) -> LabelOut:
    """Change a label, everywhere it stands."""
    return LabelOut.model_validate(await labels.change(caller, session, label_id, change.wanted))


@router.delete("/{label_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_label(label_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a label: nobody can add it any more. Conversations keep it."""
    await labels.retire(caller, session, label_id)
