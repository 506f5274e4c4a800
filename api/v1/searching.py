"""One search over conversations, people, lines and skills."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.schemas.searching import SearchOut
from api.scopes import needs
from domain.people.token_scopes import Area
from services.looking import searching

LONGEST_QUERY = 10_000
"""Characters. Ours: a pasted text, whose first words are looked for."""

router = APIRouter(
    prefix="/search", tags=["conversations"], dependencies=[needs(Area.conversations)]
)


@router.get("")
async def search_account(
    caller: CallerDep,
    session: SessionDep,
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_QUERY,
            description="A number in any spelling or three digits of it (…0004: it ends so), "
            "words of names and of transcripts, or the id of a conversation.",
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="Conversations at most.")] = 20,
) -> SearchOut:
    """Search in all that you may see, the likeliest first.

    Accents, capitals and variants of width do not matter; from three letters on the beginning of a
    word will do. The first twelve words count. People and settings are left out for tokens that may
    not read them.
    """
    return SearchOut.of(await searching.search(caller, session, q, limit=limit))
