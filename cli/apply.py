"""`switchboard export` and `switchboard apply FILE`: a brand's whole configuration as one file."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import JsonValue, TypeAdapter, ValidationError
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database import away
from database.auditing.acting import ACTING, Acting
from database.engine import Sessions, opened
from database.queries import accounts
from domain.errors import DomainError, Invalid
from domain.settings.auditing import Door
from providers.registry import descriptions
from runtime.configuration import load_settings
from security.endpoint_secrets import SigningSecrets
from security.secrets import Keyring, SecretBox
from services.brand_file import applying
from services.brand_file.applying import Plan, Wanted
from services.brand_file.kind import Outfit
from services.brand_file.tree import decoded
from services.caller import Caller
from services.configuring.connectors import KnownProviders
from services.configuring.endpoints import Signing
from services.installation import Installation
from settings import Settings

Account = Annotated[
    str | None, typer.Option(help="The account's id; not needed where there is only one.")
]
Data = Annotated[Path, typer.Option(help="Folder of `switchboard up`.")]
Done = TypeVar("Done")
UNCHANGED = "Nothing was changed."
IN_DOUBT = "It may have been applied. Run the command again: nothing is done twice."
CREDENTIALS: TypeAdapter[dict[str, dict[str, JsonValue]]] = TypeAdapter(
    dict[str, dict[str, JsonValue]]
)


@dataclass(frozen=True)
class Opened:
    """One account at this machine's command line."""

    caller: Caller
    sessions: Sessions
    outfit: Outfit


def export(
    account: Account = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Write settings that are the default, too.")
    ] = False,
    data: Data = Path(".data"),
) -> None:
    """Print a brand's whole configuration as one file, without secrets."""

    async def exported(on: Opened) -> str:
        return await applying.export(on.caller, on.sessions, on.outfit, is_whole=defaults)

    typer.echo(_run(data, account, exported), nl=False)


def apply(
    file: Annotated[Path, typer.Argument(help="The file, as `switchboard export` prints it.")],
    account: Account = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what it would change.")] = False,
    retire_missing: Annotated[
        bool, typer.Option("--retire-missing", help="Retire what sections of the file lack.")
    ] = False,
    credentials: Annotated[
        Path | None,
        typer.Option(
            help="A JSON file with the credentials of new connectors, by their names. Keep it "
            "apart from the other file."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it is applied.")] = False,
    data: Data = Path(".data"),
) -> None:
    """Set up a brand as a file says: all of it, or nothing. It may be applied again."""

    async def planned(on: Opened) -> Plan:
        return await applying.plan(on.caller, on.sessions, on.outfit, wanted)

    async def applied(on: Opened) -> Plan:
        return await applying.apply(on.caller, on.sessions, on.outfit, wanted, found.digest)

    try:
        wanted = _wanted(file, credentials, retire_missing=retire_missing)
    except (DomainError, OSError) as error:
        raise _refused(str(error)) from None
    found = _run(data, account, planned)
    _tell(found)
    if plan or not found.has_work:
        return
    if not yes and not typer.confirm("Apply this?"):
        raise typer.Exit(1)
    done = _run(data, account, applied, unanswered=IN_DOUBT)
    count = len(done.steps)
    typer.echo(f"Done: {count} {'change' if count == 1 else 'changes'}.")


def _wanted(file: Path, credentials: Path | None, *, retire_missing: bool) -> Wanted:
    text = decoded(file.read_bytes())
    try:
        given = CREDENTIALS.validate_json(credentials.read_bytes()) if credentials else {}
    except ValidationError:
        raise Invalid(
            "The credentials are no JSON object of connectors, each with its own fields."
        ) from None
    return Wanted(text, retire_missing, given)


def _tell(plan: Plan) -> None:
    """Print a plan. Exits with 2 if the file cannot be applied."""
    for mistake in plan.mistakes:
        typer.echo(str(mistake), err=True)
    if plan.mistakes:
        raise _refused(UNCHANGED)
    for step in plan.steps:
        typer.echo(str(step))
    for missing in plan.missing:
        typer.echo(f"not in the file, stays: {missing}")
    for one in plan.to_give:
        names = ", ".join(field.name for field in one.fields if field.is_required)
        typer.echo(f"to be given with --credentials: {one.connector} ({names})")
    if not plan.has_work:
        typer.echo("Nothing to do.")


def _run(
    data: Path,
    account: str | None,
    act: Callable[[Opened], Awaitable[Done]],
    *,
    unanswered: str = UNCHANGED,
) -> Done:
    """`unanswered`: what to say where the database goes away, which may be after it was done."""
    borrow_environment(data)
    settings = load_settings()

    async def done() -> Done:
        async with _opened(settings, account) as on:
            return await act(on)

    try:
        return asyncio.run(done())
    except (OperationalError, *away.NOT_DONE) as error:
        told = UNCHANGED if away.is_cut_short(error) else unanswered
        raise _refused(f"{sentence_for(error)} {told}") from None
    except DomainError as error:
        raise _refused(error.detail) from None


@asynccontextmanager
async def _opened(settings: Settings, account: str | None) -> AsyncIterator[Opened]:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    url = settings.database.url
    known = KnownProviders(
        {one.name: one for one in descriptions()},
        SecretBox(keyring),
        may_be_elsewhere=settings.is_development,
    )
    async with opened(url, pool_size=2, name="switchboard-apply") as sessions:
        signing = Signing(SigningSecrets(keyring), bool(settings.posts.own_networks))
        outfit = Outfit(known, signing, str(settings.web.public_base_url))
        async with sessions() as session:
            account_id = await accounts.only_one(session, account)
        installation = Installation()
        ACTING.set(Acting(installation.id, door=Door.command_line))
        yield Opened(installation.caller(account_id), sessions, outfit)


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
