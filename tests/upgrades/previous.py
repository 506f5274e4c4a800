"""The code of the release before: the newest tag before this commit, or what `previous` names."""

import io
import subprocess
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARKER = Path(__file__).with_name("previous")
"""Names a commit for as long as nothing was released."""
FIRST = "8e021a5f59325379fc97aa926980c07e1d5bec7f"
"""0.1.0, which has no tag: the last commit whose database is its first migration alone."""
LEFT_OUT = ("tests", "docs", "bench", "torture")


class NoHistory(Exception):
    """This checkout does not have the commit. Its text says so."""


def previous() -> str:
    """Return what names the previous release in git."""
    return _newest_tag() or MARKER.read_text().strip()


def unpack(ref: str, folder: Path) -> None:
    """Put a release's code into a folder. Raises `NoHistory`."""
    known = _git("cat-file", "-e", f"{ref}^{{commit}}")
    if known.returncode != 0:
        raise NoHistory(
            f"An earlier release, {ref}, is not in this checkout's history: fetch it with "
            "`git fetch --unshallow --tags` to run its code against this one's."
        )
    packed = _git("archive", ref)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        wanted = [one for one in archive if one.name.partition("/")[0] not in LEFT_OUT]
        archive.extractall(folder, wanted, filter="data")


def _newest_tag() -> str | None:
    """Return the newest release before this commit, which may be a release itself."""
    found = _git("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^")
    return found.stdout.decode().strip() or None


def _git(*words: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(words, 127, b"", b"")
