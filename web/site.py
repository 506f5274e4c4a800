"""All pages, and the files they load."""

from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from api.live import EventHub
from api.problems import not_routed, sentence_of
from api.reading import FOR_PROGRAMS
from database.queries.drafts import CHANNEL_DRAFTS
from web import catalogues
from web.admin import (
    accounts,
    agents,
    audit,
    away_reasons,
    bots,
    calls,
    closing_reasons,
    configuration,
    connectors,
    consent,
    consumer_fields,
    endpoints,
    erasure,
    exchanges,
    first_steps,
    holidays,
    hours,
    labels,
    lines,
    messages,
    panels,
    people,
    routing,
    saved_replies,
    sign_on,
    skills,
    sources,
    surveys,
    teams,
    tokens,
    trying,
)
from web.assets import Assets
from web.batches import pages as batch_pages
from web.board import data as board_data
from web.board import page as board_page
from web.board import stream as board_stream
from web.board.presenting import BoardPresenter
from web.consumers import pages as consumer_pages
from web.exports import buckets as export_buckets
from web.exports import pages as export_pages
from web.exports import schedules as export_schedules
from web.history import pages as history_pages
from web.history import views as history_views
from web.log_in import language, log_in, password, security, sso, start, welcome
from web.operator import pages as operator_pages
from web.rendering import create_pages
from web.reports import pages as report_pages
from web.route import HEADERS, is_part, refused_with
from web.workspace import data, installing, own_status, page, stream
from web.workspace.presenting import WorkspacePresenter, tell_draft

ROOMS = (
    *("", "log_in", "workspace", "board", "reports", "exports", "batches", "consumers", "history"),
    *("admin", "operator"),
)
STATIC = [Path(__file__).parent / room / "static" for room in ROOMS]
"""Files of all rooms and of each one, served at one address, `/static`."""

# The page of the workspace last among its own: a conversation's address looks like the others.
ROUTERS = (
    catalogues.router,
    log_in.router,
    password.router,
    start.router,
    sso.router,
    welcome.router,
    security.router,
    operator_pages.for_programs,
    operator_pages.router,
    language.router,
    installing.router,
    own_status.router,
    stream.router,
    data.router,
    page.router,
    board_stream.router,
    board_data.router,
    board_page.router,
    report_pages.router,
    export_buckets.router,
    export_schedules.router,
    export_pages.router,
    batch_pages.router,
    consumer_pages.router,
    history_views.router,
    history_pages.router,
    first_steps.router,
    audit.router,
    erasure.router,
    configuration.router,
    connectors.router,
    lines.router,
    trying.router,
    skills.router,
    bots.router,
    agents.router,
    people.router,
    sign_on.router,
    hours.router,
    holidays.router,
    messages.router,
    surveys.router,
    saved_replies.router,
    labels.router,
    teams.router,
    closing_reasons.router,
    sources.router,
    consumer_fields.router,
    panels.router,
    calls.router,
    exchanges.router,
    endpoints.router,
    tokens.router,
    away_reasons.router,
    consent.router,
    routing.router,
    accounts.router,
)


def page_routes() -> list[BaseRoute]:
    """Return the routes of all pages, which no document describes.

    As they were declared: FastAPI inspects the parameters of an included router's routes again,
    which takes as long as all else that a page needs.
    """
    routes = [route for router in ROUTERS for route in router.routes]
    for route in routes:
        if isinstance(route, APIRoute):
            route.include_in_schema = False
    return routes


def install(app: FastAPI) -> None:
    """Make an application serve pages and their files, and a page where there is none."""
    app.state.pages = create_pages()
    app.state.workspace_presenter = WorkspacePresenter()
    app.state.board_presenter = BoardPresenter()
    assets = Assets(STATIC)
    app.state.pages.environment.globals |= {"asset": assets.address, "modules": assets.modules}
    app.mount("/static", assets, name="static")
    app.add_exception_handler(HTTPException, no_page)


def hear(app: FastAPI, hub: EventHub) -> None:
    """Tell pages of what is about no event, as long as the process runs."""
    presenter: WorkspacePresenter = app.state.workspace_presenter
    hub.heard[CHANNEL_DRAFTS] = partial(tell_draft, hub.following, presenter)


async def no_page(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: with a page where a person asked for one."""
    if not _is_person(request):
        return await not_routed(request, error)
    refusal = cast(HTTPException, error)
    status = HTTPStatus(refusal.status_code)
    page = refused_with(request, status, sentence_of(status))
    page.headers.update({**HEADERS, **(refusal.headers or {})})
    return page


def _is_person(request: Request) -> bool:
    asked_for = request.headers.get("Accept", "")
    wants_page = is_part(request) or "text/html" in asked_for
    return wants_page and not request.url.path.startswith(FOR_PROGRAMS)
