"""S3 buckets that scheduled exports go into."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.exports import BucketTriedOut, ExportBucketOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.endpoints.urls import UrlRefused
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.exporting import buckets
from services.exporting.buckets import BucketChange, NewBucket

router = APIRouter(
    prefix="/export-buckets",
    tags=["exports"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.exports)],
)


@router.post("", status_code=201, responses=documented(Conflict, Invalid, UrlRefused))
async def create_export_bucket(
    new: NewBucket, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> ExportBucketOut:
    """Add an S3 bucket for scheduled exports. The secret is encrypted, and never shown again."""

    async def make() -> ExportBucketOut:
        made = await buckets.create(caller, session, app.bucket_access, new)
        return ExportBucketOut.model_validate(made)

    return await once.create(session, ExportBucketOut, make)


@router.get("")
async def list_export_buckets(caller: AdminDep, session: SessionDep) -> list[ExportBucketOut]:
    """List them, the oldest first; there are ten at most."""
    found = await buckets.listed(caller, session)
    return [ExportBucketOut.model_validate(one) for one in found]


@router.get("/{bucket_id}", responses=documented(NotFound))
async def show_export_bucket(
    bucket_id: UuidPath, caller: AdminDep, session: SessionDep
) -> ExportBucketOut:
    """Show one."""
    return ExportBucketOut.model_validate(await buckets.find(caller, session, bucket_id))


@router.patch("/{bucket_id}", responses=documented(NotFound, Invalid, UrlRefused))
async def change_export_bucket(
    bucket_id: UuidPath,
    change: BucketChange,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
) -> ExportBucketOut:
    """Change one. Another address needs the secret again."""
    changed = await buckets.change(caller, session, app.bucket_access, bucket_id, change)
    return ExportBucketOut.model_validate(changed)


@router.post("/{bucket_id}/try", responses=documented(NotFound))
async def try_export_bucket(
    bucket_id: UuidPath, caller: AdminDep, app: AppStateDep
) -> BucketTriedOut:
    """Write a small file and delete it, and say what is wrong if that fails."""
    tried = await buckets.try_out(caller, app.bucket_access, bucket_id)
    return BucketTriedOut(is_good=tried.is_good, sentence=tried.sentence)


@router.delete("/{bucket_id}", status_code=204, responses=documented(NotFound, Conflict))
async def retire_export_bucket(bucket_id: UuidPath, caller: AdminDep, session: SessionDep) -> None:
    """Take one out of use, once no schedule goes into it."""
    await buckets.retire(caller, session, bucket_id)
