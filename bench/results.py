"""What was measured last, kept in `results.json` and, to be read, in `results.md`.

Nothing of the machine stands there but its number of cores and its Python.
"""

import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict

from bench.figures import COLUMNS, Figure

JSON, MARKDOWN = "results.json", "results.md"
HEADING = """# What was measured last

Written by `make bench`; a part alone (`make bench PART=ingest`) replaces its own table only.
A *ceiling* is measured in the same run on the same machine: bare Temporal in `ingest`, an empty
installation in `parked`. The ratio says more than the rate, which depends on the machine.
`ingest` and `parked` open conversations without a welcome; [performance](../docs/performance.md)
says where the time goes.
"""


class PartResult(BaseModel):
    """One part's figures, and under what circumstances they came about.

    `load`: processes that wanted a core in the last minute, before the part began.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime
    cores: int
    python: str
    load: float
    size: float
    figures: list[Figure]


class Results(BaseModel):
    """Every part's last figures."""

    parts: dict[str, PartResult] = {}


def circumstances(size: float) -> PartResult:
    """Return this moment on this machine, with nothing measured yet."""
    return PartResult(
        at=datetime.now(UTC).replace(microsecond=0),
        cores=psutil.cpu_count() or 1,
        python=platform.python_version(),
        load=round(psutil.getloadavg()[0], 1),
        size=size,
        figures=[],
    )


def keep(folder: Path, part: str, measured: PartResult) -> None:
    """Replace one part's figures in both files."""
    kept = folder / JSON
    known = Results.model_validate_json(kept.read_text()) if kept.exists() else Results()
    results = Results(parts={**known.parts, part: measured})
    kept.write_text(results.model_dump_json(indent=2, exclude_none=True) + "\n")
    tables = [_table(name, results.parts[name]) for name in sorted(results.parts)]
    (folder / MARKDOWN).write_text("\n".join([HEADING, *tables]))


def _table(part: str, measured: PartResult) -> str:
    rows = [COLUMNS, tuple("---" for _ in COLUMNS)]
    rows += [figure.cells() for figure in measured.figures]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([f"## {part}", "", _when(measured), "", *lines, ""])


def _when(measured: PartResult) -> str:
    size = "" if measured.size == 1 else f", at {measured.size:g} of the whole size"
    return (
        f"{measured.at:%Y-%m-%d %H:%M} UTC, {measured.cores} cores with a load of "
        f"{measured.load:g} before, Python {measured.python}{size}."
    )
