"""Buckets that scheduled exports go into: their list, a form for one, and trying it, for admins."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.idempotent import OnceDep
from api.schemas.exports import ExportBucketOut
from api.schemas.shared import UuidPath
from services.exporting import buckets
from services.exporting.buckets import BucketChange, NewBucket
from web.exports.asked import PATH
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import AdminsFrame, get_admins_frame
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute, redirect
from web.words import Words

HERE = f"{PATH}/buckets"
LABELS = Words(
    {
        "name": "Name",
        "bucket": "Bucket",
        "region": "Region",
        "prefix": "Prefix",
        "endpoint": "Address of the service",
        "key_id": "Key id",
        "secret": "Secret",
    }
)

router = APIRouter(prefix=HERE, route_class=PageRoute)


@router.get("")
async def show_buckets(frame: AdminsFrame) -> HTMLResponse:
    """List them, the oldest first."""
    found = await buckets.listed(frame.caller, frame.session)
    return frame.answer("exports/buckets.html", buckets=found, tried=None)


@router.get("/new")
async def show_new(frame: AdminsFrame) -> HTMLResponse:
    """Show the form for the next."""
    return frame.answer(
        "exports/bucket.html", one=dict.fromkeys(LABELS, ""), path=HERE, labels=LABELS
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Add one."""
    wanted = parse(NewBucket, _values(form) | {"secret": form.text("secret")}, LABELS)

    async def make() -> ExportBucketOut:
        made = await buckets.create(frame.caller, frame.session, app.bucket_access, wanted)
        return ExportBucketOut.model_validate(made)

    await once.create(frame.session, ExportBucketOut, make)
    return redirect(request, HERE)


@router.get("/{bucket_id}")
async def show_bucket(bucket_id: UuidPath, frame: AdminsFrame) -> HTMLResponse:
    """Show one with its form."""
    one = await buckets.find(frame.caller, frame.session, bucket_id)
    return frame.answer("exports/bucket.html", one=one, path=f"{HERE}/{one.id}", labels=LABELS)


@router.post("/{bucket_id}")
async def change(
    bucket_id: UuidPath,
    request: Request,
    form: FormFieldsDep,
    frame: AdminsFrame,
    app: AppStateDep,
) -> Response:
    """Change one."""
    secret = {"secret": form.text("secret")} if form.maybe("secret") else {}
    wanted = parse(BucketChange, _values(form) | secret, LABELS)
    await buckets.change(frame.caller, frame.session, app.bucket_access, bucket_id, wanted)
    return redirect(request, HERE)


@router.post("/{bucket_id}/try")
async def try_it(
    bucket_id: UuidPath, user: PageUserDep, pages: PagesDep, app: AppStateDep
) -> HTMLResponse:
    """Write a small file and delete it, and show what became of it."""
    # The service may take half a minute: the page's own transaction begins afterwards.
    tried = await buckets.try_out(user.caller, app.bucket_access, bucket_id)
    async with app.sessions.begin() as session:
        frame = await get_admins_frame(user, session, pages)
        found = await buckets.listed(user.caller, session)
        shown = {"buckets": found, "tried": tried, "tried_id": bucket_id}
        return frame.answer("exports/buckets.html", **shown)


@router.post("/{bucket_id}/retire")
async def retire(bucket_id: UuidPath, request: Request, frame: AdminsFrame) -> Response:
    """Retire one."""
    await buckets.retire(frame.caller, frame.session, bucket_id)
    return redirect(request, HERE)


def _values(form: FormFields) -> dict[str, object]:
    names = ("name", "bucket", "region", "prefix", "key_id")
    return {name: form.text(name) for name in names} | {"endpoint": form.maybe("endpoint")}
