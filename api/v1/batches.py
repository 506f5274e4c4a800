"""Batches: one notification to many consumers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.app_state import AppStateDep, BackendsDep, SessionDep
from api.batch_files import bad_rows_csv, left_out_csv, results_csv
from api.caller import ManagerDep
from api.cards import MASKS_ITSELF
from api.consent_files import spooled
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.batches import (
    BadRowOut,
    BatchDetail,
    BatchOut,
    BatchProgress,
    CheckOut,
    ReadOut,
    RecipientsIn,
    ResultOut,
    TestSent,
)
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    Text,
    UuidPath,
    after_number,
    page_of,
    read_cursor,
    unknown_cursor,
)
from api.scopes import needs
from database.tables import Batch
from domain.batches.moves import Move
from domain.errors import (
    Conflict,
    ConsumerBlocked,
    ConsumerOptedOut,
    Invalid,
    MessageEmpty,
    MessageTooLong,
    NotAllowed,
    NotFound,
    NumberInvalid,
    NumberIsLandline,
)
from domain.people.token_scopes import Area
from services.bounding import BoundReached
from services.notifying import batches, checking, recipients, results
from services.notifying.inputs import BatchTest, NewBatch

router = APIRouter(
    prefix="/batches",
    tags=["batches"],
    dependencies=[needs(Area.notifications)],
    responses=documented(NotAllowed),
)
CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}
Wanted = Annotated[
    str | None,
    Query(
        alias="status",
        max_length=20,
        description="waiting, held, queued, in_progress, sent, delivered, failed or left_out; "
        "answered or opted_out.",
    ),
]


@router.post(
    "",
    status_code=201,
    responses=documented(NotFound, Conflict, Invalid, MessageEmpty, MessageTooLong),
)
async def create_batch(
    new: NewBatch, caller: ManagerDep, session: SessionDep, once: OnceDep
) -> BatchDetail:
    """Make a batch in draft. Add recipients, check it, test it on your own phone, then start it."""

    async def make() -> BatchDetail:
        made = await batches.create(caller, session, new)
        return BatchDetail.of(made.batch, made.uploads)

    return await once.create(session, BatchDetail, make)


@router.get("", responses=documented(Invalid))
async def list_batches(
    caller: ManagerDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[BatchOut]:
    """List the account's batches, the newest first."""
    found = await batches.listed(caller, session, _before(cursor), limit + 1)
    return page_of(found, limit, BatchOut.model_validate, _position)


@router.get("/{batch_id}", responses=documented(NotFound))
async def show_batch(batch_id: UuidPath, caller: ManagerDep, session: SessionDep) -> BatchProgress:
    """Show a batch with its figures and an estimate of its end."""
    return BatchProgress.at(await results.progress(caller, session, batch_id))


@router.post(
    "/{batch_id}/recipients",
    dependencies=[MASKS_ITSELF],
    responses=documented(NotFound, Conflict, Invalid),
)
async def add_recipients(
    batch_id: UuidPath, new: RecipientsIn, caller: ManagerDep, app: AppStateDep, once: OnceDep
) -> ReadOut:
    """Add up to 1,000 recipients to a batch in draft; up to 100,000 in as many requests.

    Good ones are added and the others told by their place in the list. A phone that is in the batch
    already, in any spelling, is a duplicate: so a request adds nobody twice.
    """

    async def add() -> ReadOut:
        return ReadOut.of(await recipients.add(caller, app.sessions, batch_id, new.recipients))

    return await once.do(app.sessions, ReadOut, add)


@router.post(
    "/{batch_id}/recipients/csv",
    openapi_extra=CSV_BODY,
    responses=documented(NotFound, Conflict, Invalid),
)
async def upload_recipients(
    batch_id: UuidPath,
    request: Request,
    caller: ManagerDep,
    app: AppStateDep,
    name: Annotated[Text, Query(max_length=200, description="Of the file, for people.")] = "",
) -> ReadOut:
    """Add recipients from CSV, up to 32 MB, with a heading, to a batch in draft.

    UTF-8, UTF-16 and Windows-1252 are read, separated by commas, semicolons or tabs. One column is
    the number, the others fill the placeholders of the text. Good rows are added and the others
    told by number. A file is read for at most 45 s, and the answer says where that ended: send the
    same file again to go on. Nobody is added twice, so this takes no key.
    """
    with await spooled(request.stream()) as file:
        return ReadOut.of(await recipients.upload(caller, app.sessions, batch_id, file, name))


@router.get("/{batch_id}/bad-rows", responses=documented(NotFound, Invalid))
async def list_bad_rows(
    batch_id: UuidPath,
    caller: ManagerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[BadRowOut]:
    """List rows that make no recipient, each with its upload, its line and the reason."""
    after = after_number(cursor) or 0
    found = await recipients.bad_rows(caller, session, batch_id, after, limit + 1)
    return page_of(found, limit, BadRowOut.of, lambda row: [str(row["place"])])


@router.get("/{batch_id}/check", responses=documented(NotFound))
async def check_batch(batch_id: UuidPath, caller: ManagerDep, session: SessionDep) -> CheckOut:
    """Say what would become of a batch if it were started now.

    Who is left out and why, segments and what they cost, how long the line takes, and how many
    quiet hours hold.
    """
    return CheckOut.of(await checking.check(caller, session, batch_id))


@router.post(
    "/{batch_id}/test",
    responses=documented(
        NotFound, Conflict, NumberInvalid, NumberIsLandline, ConsumerOptedOut, ConsumerBlocked
    ),
)
async def test_batch(
    batch_id: UuidPath,
    wanted: BatchTest,
    caller: ManagerDep,
    app: AppStateDep,
    session: SessionDep,
    once: OnceDep,
) -> TestSent:
    """Send a batch's text to a number of your own, as its first recipient gets it."""

    async def send() -> TestSent:
        text = await batches.send_test(caller, session, app.sessions, batch_id, wanted.number)
        return TestSent(text=text)

    return await once.create(session, TestSent, send)


@router.post("/{batch_id}/copy", status_code=201, responses=documented(NotFound, Conflict, Invalid))
async def copy_batch(
    batch_id: UuidPath, caller: ManagerDep, session: SessionDep, once: OnceDep
) -> BatchDetail:
    """Make a draft with the text and the options of a batch, without its recipients."""

    async def make() -> BatchDetail:
        made = await batches.copy(caller, session, batch_id)
        return BatchDetail.of(made.batch, made.uploads)

    return await once.create(session, BatchDetail, make)


@router.post("/{batch_id}/{move}", responses=documented(NotFound, Conflict, Invalid, BoundReached))
async def move_batch(
    batch_id: UuidPath, move: Move, caller: ManagerDep, backends: BackendsDep, once: OnceDep
) -> BatchDetail:
    """Start, pause, resume or cancel a batch. Done again, it changes nothing.

    A pause and a cancellation take texts back that are not on their way to the provider yet.
    """

    async def moved() -> BatchDetail:
        found = await batches.move_stored(caller, session, backends.sessions, batch_id, move)
        return BatchDetail.of(found.batch, found.uploads)

    # The answer is kept together with the move: a request that comes late cannot start a batch
    # again that somebody has paused since.
    async with backends.sessions.begin() as session:
        done = await once.create(session, BatchDetail, moved)
    if done.started_at is not None:
        await batches.wake(backends, batch_id, done.recipients)
    return done


@router.get("/{batch_id}/recipients", responses=documented(NotFound, Invalid))
async def list_recipients(
    batch_id: UuidPath,
    caller: ManagerDep,
    session: SessionDep,
    wanted: Wanted = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ResultOut]:
    """List a batch's recipients with what became of each, in the order of their rows."""
    after = after_number(cursor) or 0
    found = await results.recipients(caller, session, batch_id, wanted, after, limit + 1)
    return page_of(found, limit, ResultOut.of, lambda row: [str(row["place"])])


@router.get(
    "/{batch_id}/{what}.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **documented(NotFound)},
)
async def download_batch(
    batch_id: UuidPath,
    what: Literal["results", "bad-rows", "left-out"],
    caller: ManagerDep,
    app: AppStateDep,
    wanted: Wanted = None,
) -> Response:
    """Download all recipients with what became of them, rows that make none, or who is left out.

    As CSV. In it, a text that a spreadsheet would run begins with an apostrophe.
    """
    if what == "results":
        return results_csv(await results.pages(caller, app.sessions, batch_id, wanted))
    if what == "bad-rows":
        return bad_rows_csv(await recipients.bad_row_pages(caller, app.sessions, batch_id))
    return left_out_csv(await checking.left_out_pages(caller, app.sessions, batch_id))


def _position(batch: Batch) -> list[str]:
    return [batch.created_at.isoformat(), str(batch.id)]


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    created_at, batch_id = read_cursor(cursor, parts=2)
    try:
        return datetime.fromisoformat(created_at), UUID(batch_id)
    except ValueError as error:
        raise unknown_cursor() from error
