"""Buckets that scheduled exports go into. Their secrets are encrypted, and never shown again."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries.exports import buckets
from database.tables import ExportBucket
from domain.endpoints.urls import LONGEST, receiver_url
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from media.addresses import Network
from outgoing.bucket_problems import BucketProblem
from outgoing.buckets import CALL_SECONDS, Buckets, Object, Place
from outgoing.posts import Posts
from security.aws_signatures import AwsKey
from security.secrets import SecretBox
from services.caller import Caller
from services.clock import utc_now
from services.exporting.rights import check_may_all
from services.inputs import Input, example, left_out

MOST_BUCKETS = 10
"""Of an account. Ours."""
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""
REGION = re.compile(r"[a-z0-9-]{1,40}")
PREFIX = re.compile(r"[A-Za-z0-9!_.*'()/=-]{0,200}")
KEY_ID = re.compile(r"[A-Za-z0-9_.@+=-]{1,200}")
TRIED = "Switchboard can write here.\n"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Endpoint = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Secret = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


@dataclass(frozen=True)
class BucketAccess:
    """What buckets are reached with. `own_networks`: private ones the installation allows."""

    sessions: Sessions
    box: SecretBox
    own_networks: Collection[Network] = ()

    def check(self, endpoint: str) -> None:
        """Raise `UrlRefused` for an address that nothing may be sent to."""
        receiver_url(endpoint, has_own_networks=bool(self.own_networks))


class NewBucket(Input):
    """A bucket. `endpoint`: the https address of an S3-compatible service; null: Amazon's own.

    `prefix`: what the names of its files begin with, such as `exports/`. `secret`: of the key; it
    is encrypted, and never shown.
    """

    model_config = example(
        name="Data lake",
        region="eu-central-1",
        bucket="acme-data-lake",
        prefix="switchboard/",
        key_id="AKIAIOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",  # noqa: S106 - Amazon's example
    )

    name: Name
    endpoint: Endpoint | None = None
    region: Word = "us-east-1"
    bucket: Word
    prefix: Word = ""
    key_id: Word
    secret: Secret = Field(repr=False)


class BucketChange(Input):
    """Fields that are left out stay as they are. `endpoint`: null: Amazon's own."""

    model_config = example(prefix="switchboard/daily/")

    name: Name = left_out()
    endpoint: Endpoint | None = left_out()
    region: Word = left_out()
    bucket: Word = left_out()
    prefix: Word = left_out()
    key_id: Word = left_out()
    secret: Secret = left_out()


@dataclass(frozen=True)
class BucketTried:
    """Whether a file could be written and deleted, and in a sentence what is wrong otherwise."""

    is_good: bool
    sentence: str


async def create(
    caller: Caller, session: AsyncSession, access: BucketAccess, new: NewBucket
) -> ExportBucket:
    """Add a bucket. Raises `NotAllowed`, `Conflict`, `Invalid`, `UrlRefused`."""
    _check(caller, TokenScope.exports_write)
    await buckets.lock_account(session, caller.account_id)
    if len(await buckets.listed(session, caller.account_id)) >= MOST_BUCKETS:
        raise Conflict(f"There are {MOST_BUCKETS} buckets already. Retire one.")
    given = new.model_dump(exclude={"secret"})
    row = ExportBucket(id=uuid4(), account_id=caller.account_id, **given)
    row.secret = access.box.seal_text(_secret(new.secret))
    _check_row(row, access)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return row


async def listed(caller: Caller, session: AsyncSession) -> Sequence[ExportBucket]:
    """Return the account's buckets, the oldest first."""
    _check(caller, TokenScope.exports_read)
    return await buckets.listed(session, caller.account_id)


async def find(caller: Caller, session: AsyncSession, bucket_id: UUID) -> ExportBucket:
    """Return a bucket. Raises `NotFound`."""
    _check(caller, TokenScope.exports_read)
    return await buckets.find(session, caller.account_id, bucket_id)


async def change(
    caller: Caller,
    session: AsyncSession,
    access: BucketAccess,
    bucket_id: UUID,
    wanted: BucketChange,
) -> ExportBucket:
    """Change a bucket; what is on its way goes to the new place.

    A new place needs its secret again, so that nobody has the key sign for a service of theirs.
    Raises `NotFound`, `Invalid`, `UrlRefused`.
    """
    _check(caller, TokenScope.exports_write)
    row = await buckets.find(session, caller.account_id, bucket_id)
    if await buckets.schedules_of(session, row.id):
        check_may_all(caller)  # whoever says where files go reads them
    given = wanted.model_dump(exclude_unset=True, exclude={"secret"})
    leads_elsewhere = given.get("endpoint", row.endpoint) != row.endpoint
    for name, value in given.items():
        setattr(row, name, value)
    if "secret" in wanted.model_fields_set:
        row.secret = access.box.seal_text(_secret(wanted.secret))
    elif leads_elsewhere:
        raise Invalid("Enter the secret again with another address.")
    _check_row(row, access)
    await session.flush()
    return row


async def retire(caller: Caller, session: AsyncSession, bucket_id: UUID) -> None:
    """Take a bucket out of use. Raises `NotFound`, `Conflict` while a schedule goes into it."""
    _check(caller, TokenScope.exports_write)
    row = await buckets.find(session, caller.account_id, bucket_id)
    users = await buckets.schedules_of(session, row.id)
    if users:
        raise Conflict(f"The schedule {users[0]} goes into this bucket. Change it first.")
    row.retired_at = utc_now()
    await session.flush()


async def try_out(caller: Caller, access: BucketAccess, bucket_id: UUID) -> BucketTried:
    """Write a small file and delete it. No transaction is held meanwhile. Raises `NotFound`."""
    _check(caller, TokenScope.exports_write)
    async with access.sessions.begin() as session:
        row = await buckets.find(session, caller.account_id, bucket_id)
        place, prefix = place_of(row, access.box), row.prefix
    name = f"{prefix}switchboard-test-{uuid4().hex[:12]}.txt"
    async with Posts(access.own_networks) as posts:
        into = Buckets(posts)
        try:
            what = Object(name, "text/plain", "test")
            await into.put(place, what, TRIED.encode(), seconds=CALL_SECONDS)
        except BucketProblem as problem:
            return BucketTried(is_good=False, sentence=problem.sentence)
        try:
            await into.delete(place, name)
        except BucketProblem:
            kept = "Files can be written. The test file stays: the key may not delete."
            return BucketTried(is_good=True, sentence=kept)
    return BucketTried(is_good=True, sentence="A file was written, and deleted again.")


def place_of(row: ExportBucket, box: SecretBox) -> Place:
    """Return where a bucket is, with its key. Raises `SecretUnreadable`."""
    key = AwsKey(row.key_id, box.unseal_text(row.secret))
    return Place(row.bucket, row.region, key, row.endpoint)


def _check_row(row: ExportBucket, access: BucketAccess) -> None:
    row.endpoint = row.endpoint or None
    if row.endpoint is not None:
        if "?" in row.endpoint:
            raise Invalid("The address of a service holds no question mark.")
        access.check(row.endpoint)
    if not BUCKET.fullmatch(row.bucket) or ".." in row.bucket:
        raise Invalid("This is no name of a bucket: lower-case letters, digits, dots and hyphens.")
    if not REGION.fullmatch(row.region):
        raise Invalid("This is no region. Write it as eu-central-1.")
    steps = row.prefix.split("/")
    if not PREFIX.fullmatch(row.prefix) or "" in steps[:-1] or {".", ".."} & set(steps):
        raise Invalid("This is no prefix. Write it as exports/daily/, in letters and digits.")
    if not KEY_ID.fullmatch(row.key_id):
        raise Invalid("This is no id of a key.")


def _secret(written: str) -> str:
    if not written or not written.isascii() or not written.isprintable():
        raise Invalid("Enter the secret of the key.")
    return written


def _check(caller: Caller, scope: TokenScope) -> None:
    caller.require(Role.admin)
    caller.require_scope(scope)
