"""The page's live stream: what changed, as `web.workspace.wire` describes it."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from api.app_state import AppStateDep
from api.event_streams import Counted, LastEventId, Position, Stream, streamed
from services.following.concerns import Interest
from services.following.followers import Wanted
from services.looking.conversations import View
from translations.reader import reader
from web.page_context import PageUserDep
from web.streams import write
from web.workspace.presenting import WorkspacePresenter

MOST_MISSED = 1000
"""Missed events that a page is told of one by one. With more, it loads all again. Ours."""

WIDE = (View.waiting, View.mentions, View.all)
"""Lists that show more than the reader's own conversations."""

router = APIRouter(prefix="/workspace")


def get_presenter(request: Request) -> WorkspacePresenter:
    return cast(WorkspacePresenter, request.app.state.workspace_presenter)


PresenterDep = Annotated[WorkspacePresenter, Depends(get_presenter)]


@router.get("/stream", response_class=Stream, dependencies=[Counted])
async def follow(
    presenter: PresenterDep,
    user: PageUserDep,
    app: AppStateDep,
    view: View = View.mine,
    conversation: Annotated[UUID | None, Query()] = None,
    after: Position = None,
    last_event_id: LastEventId = None,
) -> Stream:
    """Follow what a page shows."""
    is_wide = view in WIDE
    wanted = Wanted(
        Interest(everything=is_wide, queue=is_wide, conversation_id=conversation),
        presenter,
        most_missed=MOST_MISSED,
        is_page=True,
        shown_to=reader(),
    )
    start = last_event_id if last_event_id is not None else after
    return streamed(app.hub.following.follow(user.caller, wanted, start), write)
