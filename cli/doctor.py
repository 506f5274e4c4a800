"""`switchboard doctor`: checks an installation, and counts and repairs inconsistencies.

Each check stands alone: what does not answer, or fails, is told, and the others go on.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer
from rich.console import Console
from sqlalchemy import select

from cli.absence import sentence_for
from cli.checks import CHECKS, Checks, Found, Installed
from cli.complaints import look, told_of_keys
from cli.configuration import borrow_environment
from cli.counts import HEALED, TROUBLE, AtLeast, Counts
from cli.session import require_ours
from database import away
from database.engine import Sessions, opened
from database.queries.ties import ForeignNamespace
from database.schema import SchemaUnfit
from domain.errors import Unavailable
from media.store import StoreAway
from routing.reconciling import Healed, Reconciling
from runtime.configuration import load_settings
from runtime.tasks import error_kind
from security.secrets import Keyring
from settings import Settings
from temporal.connection import connect_now
from temporal.conversations import ConversationClient, FailingUnknown

CHECK_SECONDS = 150
"""How long one check may take. Ours: longer than two lists of Temporal's, which one count needs."""
FAILS_AGAIN = (
    "{n} runs of schedules fail as before, after they were started again. Deploy the fix first: "
    "switchboard stuck names them."
)
NOT_ENDED = (
    "{n} runs of schedules were started again and have not ended. If they fail later, switchboard "
    "stuck names them."
)
NOT_TERMINATED = (
    "Workflows whose tasks fail were not looked for: this Temporal server does not list them. "
    "Terminate them in the Temporal UI, then repeat this."
)
REFUSALS = (ForeignNamespace, SchemaUnfit)
"""The installation is another, or another version's: nothing in it can be examined."""
REFUSING = 2
"""The first checks, which look for these: nothing is told before both are done."""


@dataclass(frozen=True)
class Answer:
    """What a check found. `trouble`: a sentence about what is wrong, or why nothing is known."""

    told: str
    trouble: str | None = None
    is_wrong: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    what: str
    answer: Answer
    is_examined: bool = True


def doctor(data: Path, *, heal: bool) -> None:
    """Examine an installation. Exits with 1 if anything is wrong, with 2 if that is not known."""
    borrow_environment(data)
    lines, healed = asyncio.run(_examined(load_settings(), heal=heal))
    _show_trouble(lines)
    if healed:
        typer.echo(f"{healed.told} conversations are comparing themselves with the database.")
    if healed and healed.failing:
        typer.echo(FAILS_AGAIN.format(n=healed.failing), err=True)
    if healed and healed.under_way:
        typer.echo(NOT_ENDED.format(n=healed.under_way))
    if healed and not healed.knows_failing:
        typer.echo(NOT_TERMINATED, err=True)
    unhealed = heal and (healed is None or not healed.is_whole)
    if unhealed:
        typer.echo("Not all was healed: repeat it once all answers.", err=True)
    if unhealed or not all(line.is_examined for line in lines):
        raise typer.Exit(2)
    if any(line.answer.is_wrong for line in lines):
        raise typer.Exit(1)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Installed]:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    hashing = keyring.suppression_setting()
    async with opened(
        settings.database.url, pool_size=4, name="switchboard-doctor", suppression_keys=hashing
    ) as sessions:
        answering = await _answering(sessions)
        try:
            connected = ConversationClient(await connect_now(keyring.payload_cipher()))
        except Unavailable:  # the rest is examined without it
            yield Installed(settings, answering, None)
        else:
            yield Installed(settings, answering, connected)


async def _answering(sessions: Sessions) -> Sessions | Exception:
    """Return the database, or why it does not answer."""
    try:
        async with sessions() as session:
            await session.execute(select(1))
    except away.NOT_DONE as error:
        return error
    return sessions


async def _examined(settings: Settings, *, heal: bool) -> tuple[list[Line], Healed | None]:
    async with _opened(settings) as installed:
        checks, counts = Checks(installed), Counts(installed)
        asked = {
            **{what: partial(_checked, ask, checks) for what, ask in CHECKS.items()},
            **{what: partial(_counted, ask, counts) for what, ask in TROUBLE.items()},
            **{what: partial(_told, ask, counts) for what, ask in HEALED.items()},
        }
        return await _told_each(asked), await _healed(installed) if heal else None


async def _told_each(asked: Mapping[str, Callable[[], Awaitable[Answer]]]) -> list[Line]:
    """Wait for the checks one by one, and show what each has found at once."""
    console, width, lines = Console(), max(map(len, asked)), []
    for what, ask in asked.items():
        lines.append(await _line(what, ask()))
        if len(lines) < REFUSING:
            continue
        for line in lines if len(lines) == REFUSING else lines[-1:]:
            told = f" {line.what:<{width}}  {line.answer.told}"
            console.print(told, soft_wrap=True, highlight=False, markup=False)
    return lines


async def _checked(ask: Callable[[Checks], Awaitable[Found]], checks: Checks) -> Answer:
    found = await ask(checks)
    return Answer(found.told, found.trouble, is_wrong=found.trouble is not None)


async def _counted(ask: Callable[[Counts], Awaitable[int | AtLeast]], counts: Counts) -> Answer:
    number = await ask(counts)
    if isinstance(number, AtLeast):
        return Answer(f"at least {number.count}", number.why, is_wrong=True)
    return Answer(str(number), is_wrong=number > 0)


async def _told(ask: Callable[[Counts], Awaitable[int]], counts: Counts) -> Answer:
    return Answer(str(await ask(counts)))


async def _line(what: str, asked: Awaitable[Answer]) -> Line:
    """Wait for one check. Raises `REFUSALS`."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return Line(what, await asked)
    except REFUSALS:
        raise
    except Exception as error:  # whatever ends one check ends no other
        return Line(what, Answer("not examined", _why(error)), is_examined=False)


async def _healed(installed: Installed) -> Healed | None:
    """Heal what answers; None: nothing was healed, as a process lacks a key, say.

    What fails for lack of a key would be ended although it goes on by itself with the key.
    """
    try:
        await require_ours(installed.sessions, installed.conversations)
        if first := told_of_keys(await look(installed.sessions, installed.conversations)):
            typer.echo("\n".join(first), err=True)
            return None
        return await Reconciling(installed.sessions, installed.conversations).heal()
    except (Unavailable, TimeoutError, *away.NOT_DONE) as error:
        typer.echo(_why(error), err=True)
        return None


def _why(error: Exception) -> str:
    """Return why a check told nothing; words of an error that is a bug may hold texts."""
    if isinstance(error, StoreAway):
        return error.detail
    if isinstance(error, TimeoutError):
        return f"There was no answer within {CHECK_SECONDS} s."
    if isinstance(error, (Unavailable, FailingUnknown)):
        return sentence_for(error, "Temporal")
    if away.is_away(error) or away.is_cut_short(error):
        return sentence_for(error, "The database")
    return f"It failed with {error_kind(error)}."


def _show_trouble(lines: Sequence[Line]) -> None:
    console = Console()
    for line in lines:
        for trouble in (line.answer.trouble or "").splitlines():
            told = f"{line.what}: {trouble}"
            console.print(told, soft_wrap=True, highlight=False, markup=False)
