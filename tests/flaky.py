"""Run tests that failed once more, as far as `docs/flaky.md` forgives them; used by `.ci/run`.

`python -m tests.flaky` ends with 0 when each test that failed last stands on that page and passes
now, alone. A test that does not stand there has failed, whatever a second run would say.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ENDED = "switchboard/ended"
"""Where a test run keeps how it ended: what broke off has not told all that fails."""
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "flaky.md"
CACHE = ROOT / ".pytest_cache" / "v"
ROW = re.compile(r"^\| `(tests/[^`]+::[^`]+)` \| (.+) \|$", re.MULTILINE)


def forgiven(page: str) -> dict[str, str]:
    """Return the tests that may fail once, each with its reason."""
    return dict(ROW.findall(page))


def unforgiven(failed: list[str], page: str) -> list[str]:
    """Return the failed tests that have no line on the page; one line is for all parameters."""
    return [test for test in failed if test.partition("[")[0] not in forgiven(page)]


def main() -> int:
    """Return 0 when all that failed is forgiven and passes alone, else 1."""
    failed = _last_failed()
    final = unforgiven(failed, PAGE.read_text())
    if final or not failed or not _ran_to_its_end():
        print("Failed, and not forgiven by docs/flaky.md:", *final, sep="\n  ")
        return 1
    print("Run once more alone, as docs/flaky.md says:", *failed, sep="\n  ", flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", *failed], cwd=ROOT).returncode


def _last_failed() -> list[str]:
    path = CACHE / "cache" / "lastfailed"
    return list(json.loads(path.read_text())) if path.exists() else []


def _ran_to_its_end() -> bool:
    path = CACHE / ENDED
    return path.exists() and json.loads(path.read_text()) == pytest.ExitCode.TESTS_FAILED


if __name__ == "__main__":
    sys.exit(main())
