"""Nothing in the repository names a registry's host or a path of somebody's machine."""

import re
import subprocess
from pathlib import Path

from tests.docs.pages import ROOT

TEXTS = {".cfg", ".html", ".in", ".ini", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".yml"}
NAMES = {"Dockerfile", "Makefile", "run"}
# Put together here, so that this file does not name them either.
HOSTS = [f"{name}.org" for name in ("pypi", "registry.npmjs")] + ["python" + "hosted"]
FOLDERS = [f"/{name}/" for name in ("home", "root", "work", "tmp", "Users", "mnt")]
FORBIDDEN = re.compile(
    "|".join([*map(re.escape, HOSTS), rf"(?<![\w.$}}/])(?:{'|'.join(FOLDERS)})\w"])
)


def _kept() -> list[Path]:
    """Return the files of the repository; those of a folder without git are all of them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        text=True,
        capture_output=True,
    )
    if listed.returncode != 0:
        return [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_no_file_names_a_registry_or_a_machines_folder() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in _kept()
        if file.is_file() and (file.suffix in TEXTS or file.name in NAMES)
        if "vendor" not in file.parts
        for match in FORBIDDEN.finditer(file.read_text(errors="replace"))
    ]
    assert found == []


def test_the_check_sees_what_it_looks_for() -> None:
    assert FORBIDDEN.search("see " + FOLDERS[0] + "ann/notes")
    assert FORBIDDEN.search("--index-url https://" + HOSTS[0])
    address = "https://example.com" + FOLDERS[0] + "page"
    assert not FORBIDDEN.search("tests" + FOLDERS[2] + f"main and {address}")
