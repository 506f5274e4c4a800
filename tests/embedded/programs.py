"""Small stand-ins for the parts of Switchboard."""

import sys
from pathlib import Path

from embedded.processes import Program
from embedded.supervisor import Part

STAYS = "import time; print('here I am', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('here I am', flush=True); time.sleep(600)"
)
FALLS = "print('the reason', flush=True); raise SystemExit(3)"


def part(
    name: str,
    code: str,
    log: Path,
    *,
    may_restart: bool = False,
    patience: float = 5,
    stuck: float = 60,
) -> Part:
    """Return a part that runs `code`, and is ready once its log says so."""
    return Part(
        Program(name=name, command=(sys.executable, "-c", code), stop_seconds=patience),
        is_ready=lambda: log.exists() and "here I am" in log.read_text(),
        stuck_seconds=stuck,
        may_restart=may_restart,
    )
