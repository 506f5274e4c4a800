"""`python -m torture`: texts and replies while processes are killed and frozen, then counts all.

Exits with 1 if any text or reply is lost, doubled, out of order or stranded.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import httpx2
import psycopg
import typer
from rich.console import Console
from rich.table import Table
from temporalio.service import RPCError

from torture.faults import OURS, SERVERS, FaultInjector
from torture.ledger import Ledger, take_stock
from torture.load import ConsumerLoad
from torture.whole import Whole, started

HEAL_SECONDS = 600
LOOK_SECONDS = 15
Report = Callable[[str], None]
AWAY = (psycopg.Error, httpx2.HTTPError, RPCError, RuntimeError, OSError)


@dataclass(frozen=True)
class TorturePlan:
    """The plan of a run. `kills`: the parts that are killed; all parts are frozen."""

    minutes: float
    texts: float
    replies: float
    seed: int
    kills: Sequence[str]


def main(
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="Duration in minutes.")] = 3,
    texts: Annotated[float, typer.Option(min=0.1, max=500, help="Texts a second.")] = 20,
    replies: Annotated[float, typer.Option(min=0.1, max=500, help="Replies a second.")] = 10,
    seed: Annotated[int | None, typer.Option(help="Repeats the random choices of a run.")] = None,
    servers: Annotated[
        bool, typer.Option(help="Kill Temporal and PostgreSQL too, not only freeze them.")
    ] = False,
) -> None:
    """Torture a separate Switchboard, and count what became of every text and reply."""
    console = Console(highlight=False)
    seed = seed if seed is not None else random.randrange(10**6)
    console.print(f"Seed {seed}: {minutes} min, {texts} texts and {replies} replies a second")
    kills = (*OURS, *SERVERS) if servers else OURS
    began = time.monotonic()

    def report(what: str) -> None:
        console.print(f"  {time.monotonic() - began:6.0f} s  {what}")

    done = asyncio.run(_torture(TorturePlan(minutes, texts, replies, seed, kills), report))
    console.print(_table(done))
    raise typer.Exit(0 if done.is_well else 1)


async def _torture(plan: TorturePlan, report: Report) -> Ledger:
    async with started() as whole:
        report("Switchboard is up")
        load = ConsumerLoad(whole, random.Random(plan.seed))
        faults = FaultInjector(whole, random.Random(plan.seed), plan.kills, report)
        until = time.monotonic() + plan.minutes * 60
        await asyncio.gather(load.go_on(until, plan.texts, plan.replies), faults.go_on(until))
        report(f"healing after {sum(faults.done.values())} faults")
        return await _healed(whole, load, report)


async def _healed(whole: Whole, load: ConsumerLoad, report: Report) -> Ledger:
    """Wait until all counts are right, at most as long as the slowest sweep may need."""
    done, deadline = Ledger(), time.monotonic() + HEAL_SECONDS
    while True:
        try:
            done = await take_stock(whole, load.consumers)
        except AWAY as error:
            report(f"cannot be counted yet: {type(error).__name__}")
        if (done.texts_given and done.is_well) or time.monotonic() > deadline:
            report("counted")
            return done
        wrong = ", ".join(
            f"{name}: {figure}" for name, figure, is_well in done.rows() if not is_well
        )
        report(f"still wrong: {wrong}")
        await asyncio.sleep(LOOK_SECONDS)


def _table(done: Ledger) -> Table:
    table = Table("", "count", box=None, padding=(0, 2, 0, 0))
    for name, figure, is_well in done.rows():
        table.add_row(name, str(figure), style=None if is_well else "red")
    return table


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
