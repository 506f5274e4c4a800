"""Shows the progress of a measurement."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed


class ProgressSteps:
    """One line per step of a part, with a bar if the total is known."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def step(self, what: str, total: int | None = None) -> Iterator["ProgressStep"]:
        """Show a step for the duration of a block."""
        task = self._progress.add_task(what, total=total)
        yield ProgressStep(self._progress, task)
        self._progress.update(task, total=total or 1, completed=total or 1)


class ProgressStep:
    """A step under way."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def advance(self) -> None:
        self._progress.advance(self._task)


@contextmanager
def shown(console: Console) -> Iterator[ProgressSteps]:
    """Show steps for the duration of a block."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Elapsed(),
    )
    with Progress(*columns, console=console) as progress:
        yield ProgressSteps(progress)
