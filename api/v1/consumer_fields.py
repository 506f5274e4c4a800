"""Fields that accounts keep about their consumers."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.consumer_fields import ConsumerFieldChange, ConsumerFieldOut, NewConsumerField
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import consumer_fields

router = APIRouter(
    prefix="/consumer-fields", tags=["consumers"], dependencies=[needs(Area.settings)]
)


@router.get("")
async def list_consumer_fields(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[ConsumerFieldOut]:
    """List the fields that your role sees, by id; `position` has the account's order."""
    found = await consumer_fields.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, ConsumerFieldOut.of, lambda row: [row.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict, Invalid))
async def create_consumer_field(
    new: NewConsumerField, caller: AdminDep, session: SessionDep, once: OnceDep
) -> ConsumerFieldOut:
    """Create a field. Its kind stays: another kind is another field."""

    async def make() -> ConsumerFieldOut:
        return ConsumerFieldOut.of(await consumer_fields.create(caller, session, new.wanted))

    return await once.create(session, ConsumerFieldOut, make)


@router.get("/{field_id}", responses=documented(NotFound, NotAllowed))
async def show_consumer_field(
    field_id: SlugPath, caller: AdminDep, session: SessionDep
) -> ConsumerFieldOut:
    """Show a field, retired or not."""
    return ConsumerFieldOut.of(await consumer_fields.find(caller, session, field_id))


@router.patch("/{field_id}", responses=documented(NotAllowed, NotFound, Conflict, Invalid))
async def change_consumer_field(
    field_id: SlugPath, change: ConsumerFieldChange, caller: AdminDep, session: SessionDep
) -> ConsumerFieldOut:
    """Change a field."""
    return ConsumerFieldOut.of(
        await consumer_fields.change(caller, session, field_id, change.wanted)
    )


@router.delete("/{field_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_consumer_field(field_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a field: nobody sees it or its values any more."""
    await consumer_fields.retire(caller, session, field_id)
