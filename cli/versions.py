"""`switchboard make-current` and `roll-over`: which version of the workers goes on with what."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.session import Tools, run_command
from routing.rolling_over import RollingOver
from settings import UNVERSIONED
from temporal.clock import temporal_time
from temporal.versions import Run, Versions, VersionUnknown

PATIENCE_SECONDS = 30.0
"""Without one more that rolled over, after which the rest is left. Ours."""
FREEING_SECONDS = 90.0
"""The same for what is moved as it is. Ours: a task that a lost worker took ends after 20 s, and
one that failed often is tried again only every minute.
"""
SHOWN_AT_MOST = 20
NOBODYS = "A worker without a version"

Data = Annotated[Path, typer.Option(help="Folder of `switchboard up`.")]


class Refusal(Exception):
    """Why nothing was done, in one sentence."""


def make_current(
    version: Annotated[
        str,
        typer.Argument(
            help=f"The version of workers that run already; {UNVERSIONED}: of those without one."
        ),
    ],
    data: Data = Path(".data"),
) -> None:
    """Let new conversations begin on a version of the workers, and open ones roll over to it."""
    _require_named(version)
    _run(data, partial(_made_current, version=version))


def roll_over(
    version: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="VERSION",
            help=f"The version that is to be left; {UNVERSIONED}: what runs without one.",
        ),
    ],
    stuck: Annotated[
        bool,
        typer.Option(
            "--stuck",
            help="Afterwards also move what did not roll over, because its tasks fail or no "
            "worker of the version runs: the current version goes on in the middle of the run.",
        ),
    ] = False,
    data: Data = Path(".data"),
) -> None:
    """Have everything that runs on an old version go on on the current one.

    Exits with 1 if something stays. It may be stopped and repeated.
    """
    _require_named(version)
    _run(data, partial(_rolled_over, version=version, stuck=stuck))


def _require_named(version: str) -> None:
    if not version.strip():
        typer.echo("Name the version of the workers: this one is empty.", err=True)
        raise typer.Exit(2)


def _run(data: Path, act: Callable[[Versions], Awaitable[int]]) -> None:
    async def connected(tools: Tools) -> int:
        return await act(Versions(tools.conversations.client))

    try:
        code = run_command(data, "versions", connected)
    except Refusal as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if code:
        raise typer.Exit(code)


async def _made_current(versions: Versions, *, version: str) -> int:
    if version == UNVERSIONED:
        return await _made_unversioned(versions)
    try:
        await versions.make_current(version)
    except VersionUnknown:
        raise Refusal(
            f"No worker says that it is {version}, or it lacks a task queue: start one first."
        ) from None
    typer.echo(f"{version} is current.")
    return 0


async def _made_unversioned(versions: Versions) -> int:
    if None not in await versions.at_work():
        raise Refusal("No worker without a version runs: start one first.")
    before = await versions.current()
    if before is not None:
        await versions.make_current(None)
    typer.echo("No version is current: workers without one get new conversations.")
    if before is not None:
        typer.echo(f"Move what is on {before}: switchboard roll-over --from {before} --stuck")
    return 0


async def _rolled_over(versions: Versions, *, version: str, stuck: bool) -> int:
    current = await _current(versions)
    leaving = None if version == UNVERSIONED else version
    if current == leaving:
        raise Refusal(f"{version} is current: make another version current first.")
    await _check_known(versions, leaving)
    current = current or NOBODYS
    now = await temporal_time(versions.client)
    rolling = RollingOver(versions, leaving, _tell, PATIENCE_SECONDS, begun_before=now)
    left = await rolling.nudge()
    if left and stuck:
        typer.echo(f"{len(left)} did not roll over. {current} goes on with them as they are.")
        freeing = replace(rolling, patience=FREEING_SECONDS)
        left = await freeing.free(left) or await rolling.nudge()
    if stuck:
        await rolling.pin_again()
    _conclude(left, version, current, stuck=stuck)
    return 1 if left else 0


async def _current(versions: Versions) -> str | None:
    current = await versions.current()
    if current is None and None not in await versions.at_work():
        raise Refusal("No version is current, and no worker without one runs: start one first.")
    return current


async def _check_known(versions: Versions, version: str | None) -> None:
    """Refuse a version that no worker ever had, as a mistyped one."""
    if version is None:
        return
    known = await versions.known()
    if version not in known and not await versions.running_on(version):
        told = f" Temporal knows {', '.join(known)}." if known else ""
        raise Refusal(f"No worker has said that it is {version}.{told}")


def _tell(gone: int, of: int) -> None:
    if of:
        typer.echo(f"{gone} of {of} have rolled over.")


def _conclude(left: Sequence[Run], version: str, current: str, *, stuck: bool) -> None:
    on, whose, again = f"on {version}", "its workers", f"workers of {version}"
    if version == UNVERSIONED:  # what runs without one moves at once, wherever its worker is
        on, whose = "without a version", "workers without one"
        again = f"workers of {current}"
    if not left:
        typer.echo(f"Nothing runs {on} any more: {whose} can be stopped.")
        return
    for run in left[:SHOWN_AT_MOST]:
        typer.echo(f"{run.kind} {run.workflow_id} stays {on}.")
    if stuck:
        typer.echo(f"{current} cannot go on with them, or none of its workers runs.")
    else:
        typer.echo(
            f"{len(left)} stay. Start {again} and repeat this, or move what stays with --stuck."
        )
