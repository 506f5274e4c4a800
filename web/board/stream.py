"""The board's live stream: what changed, as `web.board.wire` describes it."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from api.app_state import AppStateDep
from api.caller import ManagerDep
from api.event_streams import Counted, Stream, streamed
from domain.people.roles import Role
from services.following.concerns import EVERYTHING
from services.following.followers import Wanted
from translations.reader import reader
from web.board.presenting import BoardPresenter
from web.streams import write

BEAT_SECONDS = 2.0
"""Waits become overdue, and older, without an event. Ours."""

router = APIRouter(prefix="/board")


def get_presenter(request: Request) -> BoardPresenter:
    return cast(BoardPresenter, request.app.state.board_presenter)


PresenterDep = Annotated[BoardPresenter, Depends(get_presenter)]


@router.get("/stream", response_class=Stream, dependencies=[Counted])
async def follow(presenter: PresenterDep, caller: ManagerDep, app: AppStateDep) -> Stream:
    """Follow the board: the whole of it at first, so there is no position to go on from."""
    wanted = Wanted(
        EVERYTHING,
        presenter,
        role=Role.manager,
        is_page=True,
        shown_to=reader(),
        beat_seconds=BEAT_SECONDS,
    )
    return streamed(app.hub.following.follow(caller, wanted, None), write)
