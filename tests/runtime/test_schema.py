"""A process and a database that is away when the process starts."""

import subprocess
import sys

from structlog.testing import capture_logs

from runtime import schema as fitting
from tests.fixtures.ports import own_port

LATER_UNFIT = """
import time
import psycopg
from database import schema
from runtime import schema as fitting

answers = iter([None, schema.Schema("unknown", "unknown_too")])

def read(url):
    found = next(answers)
    if found is None:
        raise psycopg.OperationalError
    return found

schema.read, fitting.PAUSE_SECONDS = read, 0.1
fitting.watch_fit("postgresql://a:b@c/d")
print("serves", flush=True)
time.sleep(600)
"""


def test_while_the_database_is_away_it_is_not_known_whether_it_fits() -> None:
    with capture_logs() as logged:
        assert not fitting.fits(f"postgresql://a:secret@127.0.0.1:{own_port()}/c")
    [told] = logged
    assert "onnection refused" in told["reason"]
    assert "secret" not in told["reason"]


def test_who_serves_while_it_is_away_ends_when_it_comes_back_and_does_not_fit() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATER_UNFIT], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, "serves" in done.stdout) == (2, True)
    assert done.stderr.startswith("The database is newer than this version of Switchboard")
