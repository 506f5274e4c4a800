"""Stores the last results in `results.json` and, for readers, in `results.md`.

Of the machine they only name the number of cores and the version of Python.
"""

import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict

from bench.figures import COLUMNS, Figure

JSON, MARKDOWN = "results.json", "results.md"
HEADING = """# Latest measurements

`make bench` writes this page; a single part (`make bench PART=ingest`) only replaces its own table.
A *ceiling* is measured in the same run on the same machine: bare Temporal in `ingest`, an empty
installation in `parked`, a plain FastAPI application with one insert, and bare inserts without
HTTP, in `providers`, a bare stream of ids and the machine's cores in `streams`. The ratio says more
than the rate, which depends on the machine.
`ingest`, `parked` and `providers` open conversations without a welcome;
[performance](../docs/performance.md) explains where the time goes.
"""


class PartResult(BaseModel):
    """One part's figures, and the circumstances of the measurement.

    `load`: the machine's load average of the last minute before the part began.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime
    cores: int
    python: str
    load: float
    size: float
    figures: list[Figure]


class Results(BaseModel):
    """The last figures of all parts."""

    parts: dict[str, PartResult] = {}


def circumstances(size: float) -> PartResult:
    """Return the present circumstances on this machine, without figures."""
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
