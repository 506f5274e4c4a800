"""deploy/systemd, checked by systemd itself."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings import Settings
from tests.docs.commands import COMMANDS
from tests.docs.pages import ROOT
from tests.docs.test_configuration import fields_of

FOLDER = ROOT / "deploy" / "systemd"
PROGRAM = "/opt/switchboard/bin/switchboard"
STARTED = {
    "switchboard-api@8000.service": "api",
    "switchboard-worker@8001.service": "worker",
    "switchboard-migrate.service": "migrate",
}
MOST_EXPOSED = 20
"""Of 100, as `systemd-analyze security` counts; 13 when this was written."""
ABSENT = "SYSTEMD'S UNITS WERE NOT CHECKED: there is no systemd-analyze, which .ci/run installs"


STAND_IN = """#!/bin/sh
# Stands in for systemd-run: hands the secrets over, and runs what comes after the options.
while [ "${1#-}" != "$1" ]; do echo "$1" >> "$TOLD"; shift; done
exec "$@"
"""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they are installed, with a program that this machine has."""
    if not shutil.which("systemd-analyze"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ABSENT)
    for path in FOLDER.iterdir():
        text = path.read_text().replace(PROGRAM, "/bin/true")
        if path.name == "switchboard":  # no unit
            continue
        for name in STARTED:
            if re.sub(r"@\d+", "@", name) == path.name:
                (tmp_path / name).write_text(text)
        (tmp_path / path.name).write_text(text)
    return tmp_path


def _analyzed(units: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words], cwd=units, capture_output=True, text=True, check=False
    )


def test_systemd_finds_nothing_wrong_with_a_unit(units: Path) -> None:
    for name in (*STARTED, "switchboard.target"):
        told = _analyzed(units, "verify", "--man=no", f"./{name}")
        assert (told.returncode, told.stderr) == (0, ""), name
    path = units / "switchboard-migrate.service"
    path.write_text(path.read_text().replace("PrivateTmp=", "PrivateTemp="))
    assert "PrivateTemp" in _analyzed(units, "verify", "--man=no", f"./{path.name}").stderr


@pytest.mark.parametrize("name", STARTED)
def test_a_unit_is_hardened(units: Path, name: str) -> None:
    told = _analyzed(
        units, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", f"./{name}"
    )
    assert told.returncode == 0, told.stdout


def test_units_run_commands_with_settings_that_exist() -> None:
    known = {name for name, _ in fields_of(Settings)}
    for name, command in STARTED.items():
        text = (FOLDER / re.sub(r"@\d+", "@", name)).read_text()
        assert f"ExecStart={PROGRAM} {command}\n" in text
        assert command in COMMANDS
        variables = re.findall(r"^Environment=(SWITCHBOARD_\w+)=", text, re.MULTILINE)
        assert {one.removesuffix("_FILE") for one in variables} <= known
        for credential in re.findall(r"=%d/([\w-]+)$", text, re.MULTILINE):
            assert f"LoadCredential={credential}:" in text
    example = (FOLDER / "environment.example").read_text()
    assert set(re.findall(r"^(SWITCHBOARD_\w+)=", example, re.MULTILINE)) <= known


def test_a_migration_that_fails_stops_nothing_that_works() -> None:
    """`Requires=` would end API and workers with it, and leave them so after a late database."""
    for name in STARTED:
        text = (FOLDER / re.sub(r"@\d+", "@", name)).read_text()
        assert not re.search(r"^(Requires|Requisite|BindsTo)=", text, re.MULTILINE), name


def test_each_process_tells_its_figures_at_a_port_of_its_own() -> None:
    for name in STARTED:
        if "@" in name:
            text = (FOLDER / re.sub(r"@\d+", "@", name)).read_text()
            assert "Environment=SWITCHBOARD_METRICS_PORT=1%i\n" in text


def test_workers_that_an_update_replaces_at_once_have_no_versions() -> None:
    """A version that no worker has any more would stand still with its conversations."""
    example = (FOLDER / "environment.example").read_text()
    assert "SWITCHBOARD_WORKER_BUILD_ID=unversioned\n" in example


def test_an_operators_command_gets_the_settings_and_secrets_of_the_units(tmp_path: Path) -> None:
    program = f"{sys.executable} -m cli.main"
    script = (FOLDER / "switchboard").read_text().replace(PROGRAM, program)
    (tmp_path / "systemd-run").write_text(STAND_IN)
    (tmp_path / "systemd-run").chmod(0o755)
    (tmp_path / "database-url").write_text("mysql://what/is-this")
    (tmp_path / "encryption-keys").write_text("k1:key")
    told = tmp_path / "told"
    places = {"CREDENTIALS_DIRECTORY": str(tmp_path), "TOLD": str(told)}
    done = subprocess.run(
        ["sh", "-c", script, "switchboard", "migrate", "--plan"],
        cwd=ROOT,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", **places},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "SWITCHBOARD_DATABASE_URL" in done.stderr  # which it read, and finds unusable
    assert "is not set" not in done.stderr
    asked = set(told.read_text().splitlines())
    unit = (FOLDER / "switchboard-worker@.service").read_text()
    assert "--pipe" in asked
    for one in re.findall(r"^(LoadCredential=.+|EnvironmentFile=.+|User=.+)$", unit, re.MULTILINE):
        assert f"--property={one}" in asked
