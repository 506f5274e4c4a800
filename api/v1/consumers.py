"""Consumers: what is known of them, merges of their numbers, and their language."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.idempotent import OnceDep
from api.list_cursors import read_moment_and_id
from api.problems import documented
from api.schemas.consumers import (
    ConsumerChange,
    ConsumerDetail,
    ConsumerInList,
    ConsumerLanguage,
    ConsumerMerge,
)
from api.schemas.shared import Cursor, Limit, Page, UuidPath, page_of
from api.scopes import needs
from database.queries.consumer_lists import SeenPosition
from domain.errors import Conflict, ConsumerChanged, Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services import consumers, merging
from services.looking import consumers as looking
from services.looking.consumers import ConsumerListed

LONGEST_SEARCH = 100

router = APIRouter(prefix="/consumers", tags=["consumers"], dependencies=[needs(Area.consumers)])


@router.get("")
async def list_consumers(
    caller: CallerDep,
    session: SessionDep,
    search: Annotated[
        str | None,
        Query(
            max_length=LONGEST_SEARCH,
            description="A part of a name, an e-mail address, a number, or of a field you may see.",
        ),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ConsumerInList]:
    """List consumers, those who texted last first; those with merged numbers once.

    Agents see those they have a conversation with; managers see all.
    """
    position = read_moment_and_id(cursor)
    after = SeenPosition(*position) if position else None
    found = await looking.list_consumers(caller, session, search, after=after, limit=limit + 1)
    return page_of(found, limit, ConsumerInList.shown, written_position)


def written_position(one: ConsumerListed) -> list[str]:
    return [one.seen_at.isoformat(), str(one.consumer.id)]


@router.get("/{consumer_id}", responses=documented(NotFound))
async def show_consumer(
    consumer_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Show a consumer you have a conversation with: what is known of them, and all their numbers.

    Fields that your role does not see are left out.
    """
    return ConsumerDetail.shown(await consumers.find_consumer(caller, session, consumer_id))


@router.patch(
    "/{consumer_id}", responses=documented(NotFound, NotAllowed, ConsumerChanged, Invalid)
)
async def change_consumer(
    consumer_id: UuidPath, wanted: ConsumerChange, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Change what is known of a consumer, for all their numbers.

    If somebody changed something after you read the consumer, nothing is saved: read them again.
    """
    return ConsumerDetail.shown(await consumers.change(caller, session, consumer_id, wanted.wanted))


@router.post(
    "/{consumer_id}/merge", responses=documented(NotFound, Conflict, ConsumerChanged, Invalid)
)
async def merge_consumer(
    consumer_id: UuidPath,
    wanted: ConsumerMerge,
    caller: CallerDep,
    session: SessionDep,
    once: OnceDep,
) -> ConsumerDetail:
    """Merge another consumer into this one, because both numbers are one person's.

    What this one lacks, it gets from the other, and their conversations are listed together. Each
    number keeps its own thread, language, consent and block: who opted out by one of them gets no
    text there, as before.
    """

    async def make() -> ConsumerDetail:
        return ConsumerDetail.shown(
            await merging.merge(caller, session, consumer_id, wanted.consumer_id)
        )

    return await once.create(session, ConsumerDetail, make)


@router.delete("/{consumer_id}/merge", responses=documented(NotFound, ConsumerChanged))
async def part_consumer(
    consumer_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Undo a merge: this consumer stands for itself again, with what was known of it before.

    What the kept one had got from it goes, unless somebody changed it since.
    """
    return ConsumerDetail.shown(await merging.part(caller, session, consumer_id))


@router.put("/{consumer_id}/language", responses=documented(NotFound))
async def set_consumer_language(
    consumer_id: UuidPath, wanted: ConsumerLanguage, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Set a consumer's language, or forget it.

    Open conversations follow at the consumer's next text; a conversation's own route is immediate.
    """
    return ConsumerDetail.shown(
        await consumers.set_language(caller, session, consumer_id, wanted.language)
    )
