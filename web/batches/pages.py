"""Batches: their list, a new one, and one of them from its draft to its results."""

from datetime import datetime
from io import BytesIO
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile

from api.app_state import AppStateDep, BackendsDep
from api.batch_files import bad_rows_csv, left_out_csv, results_csv, why_bad, why_left_out
from api.idempotent import OnceDep
from api.schemas.batches import BadRowOut, BatchDetail, ResultOut
from api.schemas.shared import UuidPath
from database.engine import Sessions
from domain.batches.kinds import BatchStatus
from domain.batches.moves import Move
from domain.batches.progress import RecipientOutcome
from domain.errors import Conflict, Invalid
from services.configuring import lines, skills
from services.notifying import batches, checking, recipients, results
from services.notifying.inputs import NewBatch
from services.notifying.results import FILTERS, Progress
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import Frame, ManagersFrame
from web.page_context import PageUserDep
from web.route import PageRoute, redirect
from web.words import Words, _

PATH = "/batches"
LISTED = 100
SHOWN = 50
"""Bad rows and recipients on the page; the downloads have all."""
LABELS = Words(
    {
        "title": "Title",
        "line": "Line",
        "skill": "Replies go to",
        "text": "Text",
        "look_back_seconds": "A reply belongs to it for",
        "send_from": "Not before",
        "window_from": "From",
        "window_until": "Until",
        "consent_evidence": "Consent of all came from",
        "consent_column": "Column with the consent",
    }
)
KEPT = (
    "title",
    "text",
    "look_back_seconds",
    "consent_evidence",
    "consent_column",
    "adds_how_to_stop",
    "context",
)
"""What a form for a new batch takes from another as it is."""
STATUSES = Words(
    {
        BatchStatus.draft: "Draft",
        BatchStatus.running: "Sending",
        BatchStatus.paused: "Paused",
        BatchStatus.cancelled: "Cancelled",
        BatchStatus.done: "Done",
    }
)
OUTCOMES = Words[str](
    {
        RecipientOutcome.waiting: "Waiting",
        RecipientOutcome.held: "Held by quiet hours",
        RecipientOutcome.queued: "About to leave",
        RecipientOutcome.in_progress: "On its way",
        RecipientOutcome.sent: "Sent",
        RecipientOutcome.delivered: "Delivered",
        RecipientOutcome.failed: "Failed",
        RecipientOutcome.left_out: "Left out",
        "answered": "Answered",
        "opted_out": "Opted out after it",
    }
)
STOPPED = Words(
    {
        "line_retired": "It was paused because its line or its connection was retired.",
        "skill_retired": "It was paused because the skill for replies was retired.",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_batches(
    frame: ManagersFrame,
    of: Annotated[UUID | None, Query()] = None,
    changes: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """List the account's batches, the newest first, with a form for the next.

    `of`: the batch whose text and options the form begins with. `changes`: it is a draft that the
    next takes the place of.
    """
    shown = await results.progress(frame.caller, frame.session, of) if of else None
    is_changed = changes and shown is not None and shown.batch.status == BatchStatus.draft
    return frame.answer(
        "batches/list.html",
        batches=await batches.listed(frame.caller, frame.session, None, LISTED),
        lines=[one.line for one in await lines.listed(frame.caller, frame.session)],
        skills=[one.skill for one in await skills.listed(frame.caller, frame.session)],
        statuses=STATUSES,
        labels=LABELS,
        begun=_begun(shown, frame.page.zone),
        replaces=of if is_changed else None,
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: ManagersFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Make a batch in draft, maybe in the place of another draft."""
    wanted = parse(NewBatch, _values(form, frame.page.zone), LABELS)
    replaces = form.maybe("replaces")

    async def make() -> BatchDetail:
        made = await batches.create(frame.caller, frame.session, wanted)
        if replaces is not None:
            await _drop_draft(frame, app.sessions, replaces)
        return BatchDetail.of(made.batch, made.uploads)

    made = await once.create(frame.session, BatchDetail, make)
    return redirect(request, f"{PATH}/{made.id}")


@router.get("/{batch_id}")
async def show_batch(
    batch_id: UuidPath,
    frame: ManagersFrame,
    wanted: Annotated[str | None, Query(alias="status", max_length=20)] = None,
    said: Annotated[Literal["tested", "read", "known"] | None, Query()] = None,
) -> HTMLResponse:
    """Show a batch: as a draft what it lacks and what would become of it, then its results."""
    shown = await results.progress(frame.caller, frame.session, batch_id)
    is_draft = shown.batch.status == BatchStatus.draft
    check = await checking.check(frame.caller, frame.session, batch_id) if is_draft else None
    bad = await recipients.bad_rows(frame.caller, frame.session, batch_id, 0, SHOWN)
    wanted = wanted if wanted in FILTERS else None
    found = await results.recipients(frame.caller, frame.session, batch_id, wanted, 0, SHOWN)
    return frame.answer(
        "batches/batch.html",
        check=check,
        bad=[BadRowOut.of(row) for row in bad],
        bad_rows=sum(sum(upload.bad.values()) for upload in shown.uploads),
        results=[] if is_draft else [ResultOut.of(row) for row in found],
        wanted=wanted,
        said=said,
        why_bad=why_bad,
        **_of_progress(shown),
    )


@router.get("/{batch_id}/progress")
async def show_progress(batch_id: UuidPath, frame: ManagersFrame) -> HTMLResponse:
    """Show how far a batch has got, for the page that asks again and again while it sends."""
    shown = await results.progress(frame.caller, frame.session, batch_id)
    answer = frame.answer("batches/progress.html", **_of_progress(shown))
    if shown.batch.status != BatchStatus.running:
        answer.headers["HX-Refresh"] = "true"  # the page has other buttons now
    return answer


@router.post("/{batch_id}/recipients")
async def add_recipients(
    batch_id: UuidPath, request: Request, user: PageUserDep, app: AppStateDep
) -> Response:
    """Add recipients from a file, or from what was typed."""
    async with request.form(max_files=1) as form:
        file, typed = form.get("file"), form.get("typed")
        if isinstance(file, UploadFile) and file.filename:
            content, name = file.file, file.filename
        elif isinstance(typed, str) and typed.strip():
            content, name = BytesIO(_listed(typed).encode()), _("Typed")
        else:
            raise Invalid("Choose a file, or type numbers.")
        read = await recipients.upload(user.caller, app.sessions, batch_id, content, name)
    said = "known" if read.known else "read"
    return redirect(request, f"{PATH}/{batch_id}?said={said}")


@router.post("/{batch_id}/test")
async def send_test(
    batch_id: UuidPath,
    request: Request,
    form: FormFieldsDep,
    frame: ManagersFrame,
    app: AppStateDep,
) -> Response:
    """Send the text to a number of one's own."""
    number = form.text("number")
    await batches.send_test(frame.caller, frame.session, app.sessions, batch_id, number)
    return redirect(request, f"{PATH}/{batch_id}?said=tested")


@router.post("/{batch_id}/{move}")
async def move(
    batch_id: UuidPath, move: Move, request: Request, user: PageUserDep, backends: BackendsDep
) -> Response:
    """Start, pause, resume or cancel a batch."""
    await batches.move(user.caller, backends, batch_id, move)
    return redirect(request, f"{PATH}/{batch_id}")


@router.get("/{batch_id}/{what}.csv")
async def download(
    batch_id: UuidPath,
    what: Literal["results", "bad-rows", "left-out"],
    user: PageUserDep,
    app: AppStateDep,
    wanted: Annotated[str | None, Query(alias="status", max_length=20)] = None,
) -> Response:
    """Download results, rows that make no recipient, or who is left out."""
    by = user.caller
    if what == "results":
        return results_csv(await results.pages(by, app.sessions, batch_id, wanted or None))
    if what == "bad-rows":
        return bad_rows_csv(await recipients.bad_row_pages(by, app.sessions, batch_id))
    return left_out_csv(await checking.left_out_pages(by, app.sessions, batch_id))


def _of_progress(shown: Progress) -> dict[str, object]:
    return {
        "batch": shown.batch,
        "uploads": shown.uploads,
        "figures": shown.figures,
        "ends_at": shown.ends_at,
        "statuses": STATUSES,
        "outcomes": OUTCOMES,
        "stopped": STOPPED.get(shown.batch.stopped_because or ""),
        "why_left_out": why_left_out,
    }


async def _drop_draft(frame: Frame, sessions: Sessions, replaced: str) -> None:
    """Cancel a draft that another takes the place of; what was started meanwhile stays."""
    try:
        batch_id = UUID(replaced)
    except ValueError as error:
        raise Invalid("The draft to replace is not known.") from error
    batch = (await results.progress(frame.caller, frame.session, batch_id)).batch
    if batch.status != BatchStatus.draft:
        raise Conflict("The draft was started or cancelled meanwhile. Look at it before you go on.")
    await batches.move_stored(frame.caller, frame.session, sessions, batch_id, Move.cancel)


def _begun(shown: Progress | None, zone: str) -> dict[str, object]:
    """Return what the form for a new batch begins with: the usual, or the options of another."""
    if shown is None:
        return dict.fromkeys(LABELS, "") | {"look_back_seconds": 7 * 86400, "context": {}}
    batch = shown.batch
    begins, window_from, window_until = batch.send_from, batch.window_from, batch.window_until
    return {
        **{name: getattr(batch, name) for name in KEPT},
        "line": batch.line_id,
        "skill": batch.skill_id,
        "send_from": f"{begins.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if begins else "",
        "window_from": f"{window_from:%H:%M}" if window_from else "",
        "window_until": f"{window_until:%H:%M}" if window_until else "",
    }


def _values(form: FormFields, zone: str) -> dict[str, object]:
    names = ("window_from", "window_until", "consent_evidence", "consent_column", "skill")
    values: dict[str, object] = {name: form.maybe(name) for name in names}
    values |= {name: form.text(name) for name in ("title", "line", "text")}
    values["look_back_seconds"] = form.seconds("look_back_seconds", LABELS["look_back_seconds"])
    values["send_from"] = _moment(form.maybe("send_from"), zone)
    values["adds_how_to_stop"] = form.is_checked("adds_how_to_stop")
    reason, reference = form.text("reason"), form.text("reference")
    return values | {"context": {"reason": reason, "reference": reference}}


def _moment(written: str | None, zone: str) -> datetime | None:
    """Return a time as forms give it, which is of the account's time zone."""
    if written is None:
        return None
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise Invalid(
            _("{label}: must be a date and a time.", label=LABELS["send_from"])
        ) from error


def _listed(typed: str) -> str:
    """Return typed numbers as a file: with a heading, if the first line is none."""
    first = typed.strip().split("\n")[0]
    has_heading = not any(map(str.isdigit, first))
    return typed.strip() if has_heading else f"number\n{typed.strip()}"
