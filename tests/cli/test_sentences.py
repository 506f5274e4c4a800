"""What a command says whose database or Temporal is away, or does not fit it: one sentence."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner, Result

from cli.main import app
from database.server import READ_ONLY
from embedded import postgres
from embedded.keys import new_encryption_key
from embedded.postgres import Cluster
from tests.fixtures.ports import own_port
from tests.fixtures.read_only import read_only

NUMBER, CONVERSATION = "+15550102799", "470ebfa9-db6e-5014-919b-405b0a53b357"
ADMIN = ("--admin", "ada@acme.example", "--password", "ada-loves-hiking")
OF_DATABASE: tuple[tuple[str, ...], ...] = (
    *(("operator", "olga"), ("set-up-link",), ("account", "Acme", *ADMIN)),
    *(("find", NUMBER), ("export", "--account", "acme"), ("recount",), ("rotate-keys",)),
    *(("erase", NUMBER, "--account", "acme", "--reason", "4711", "--yes"), ("retention",)),
)
OF_BOTH: tuple[tuple[str, ...], ...] = (
    *(("stuck",), ("reconcile",), ("doctor",)),
    *(("make-current", "0.0.1"), ("roll-over", "--from", "0.0.1")),
)
OF_A_CONVERSATION = (("end", CONVERSATION), ("end", CONVERSATION, "--now"))


@pytest.fixture(scope="module")
def unmigrated(postgres_cluster: Cluster) -> Iterator[str]:
    """The address of a database without tables."""
    name = f"unmigrated_{uuid4().hex}"
    postgres.create_database(postgres_cluster, name)
    yield postgres_cluster.url(name)
    postgres.drop_database(postgres_cluster, name)


def run(words: tuple[str, ...], folder: Path, settings: Mapping[str, str]) -> Result:
    usual = {
        "SWITCHBOARD_ENCRYPTION_KEYS": new_encryption_key(),
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_MEDIA_FOLDER": str(folder),
    }
    return CliRunner().invoke(app, list(words), env={**usual, **settings})


@pytest.mark.parametrize("words", [("migrate",), *OF_DATABASE], ids=" ".join)
def test_a_database_that_is_away_is_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    away = f"postgresql://u:p@127.0.0.1:{own_port()}/switchboard"
    done = run(words, tmp_path, {"SWITCHBOARD_DATABASE_URL": away})
    assert done.exit_code == 2
    assert "The database cannot be reached: " in done.output
    assert len([one for one in done.output.splitlines() if "First key" not in one]) == 1


@pytest.mark.parametrize(
    "words", [("migrate",), *OF_DATABASE, ("stuck",), *OF_A_CONVERSATION], ids=" ".join
)
def test_a_wrong_password_and_a_lacking_database_are_told_without_the_password(
    words: tuple[str, ...], database_url: str, temporal_address: str, tmp_path: Path
) -> None:
    usual = make_url(database_url)
    for wrong, why in (
        (usual.set(password="wrong-secret"), "password authentication failed"),
        (usual.set(database="nowhere"), 'database "nowhere" does not exist'),
    ):
        address = wrong.render_as_string(hide_password=False)
        servers = {"SWITCHBOARD_DATABASE_URL": address, "TEMPORAL_ADDRESS": temporal_address}
        done = run(words, tmp_path, servers)
        assert done.exit_code == 2, done.output
        assert "The database cannot be reached: " in done.output
        assert why in done.output
        assert str(wrong.password) not in done.output


@pytest.mark.parametrize("words", [("migrate",), *OF_DATABASE[:3]], ids=" ".join)
def test_a_database_that_takes_no_writes_is_one_sentence(
    words: tuple[str, ...], database_url: str, tmp_path: Path
) -> None:
    with read_only(database_url):
        done = run(words, tmp_path, {"SWITCHBOARD_DATABASE_URL": database_url})
    assert (done.exit_code, done.output) == (2, f"{READ_ONLY}\n")


def test_a_server_that_is_too_old_is_not_migrated(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.server.OLDEST", 99)  # there is no old server here
    for words in (("migrate",), ("migrate", "--plan")):
        done = run(words, tmp_path, {"SWITCHBOARD_DATABASE_URL": database_url})
        assert done.exit_code == 2
        assert done.output.endswith(" is too old: use 99 or later.\n")


@pytest.mark.parametrize("words", [*OF_DATABASE, *OF_BOTH, *OF_A_CONVERSATION], ids=" ".join)
def test_a_database_without_tables_is_one_sentence(
    words: tuple[str, ...], unmigrated: str, temporal_address: str, tmp_path: Path
) -> None:
    servers = {"SWITCHBOARD_DATABASE_URL": unmigrated, "TEMPORAL_ADDRESS": temporal_address}
    done = run(words, tmp_path, servers)
    assert done.exit_code == 2
    told = [one for one in done.output.splitlines() if "First key" not in one]
    assert told == ["The database has no tables yet: run `switchboard migrate`."]


@pytest.mark.parametrize(
    "words", [*(one for one in OF_BOTH if one != ("doctor",)), ("replay",)], ids=" ".join
)
def test_a_namespace_that_temporal_lacks_is_one_sentence(
    words: tuple[str, ...], database_url: str, temporal_address: str, tmp_path: Path
) -> None:
    servers = {
        "SWITCHBOARD_DATABASE_URL": database_url,
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_NAMESPACE": "elsewhere",
    }
    done = run(words, tmp_path, servers)
    assert done.exit_code == 2
    assert done.output.splitlines() == [
        "Temporal does not have the namespace that TEMPORAL_NAMESPACE names."
    ]


@pytest.mark.parametrize("words", [("make-current",), ("roll-over", "--from")], ids=" ".join)
@pytest.mark.parametrize("version", ["", " "])
def test_a_version_without_a_name_is_refused_in_a_sentence(
    words: tuple[str, ...], version: str, tmp_path: Path
) -> None:
    done = run((*words, version), tmp_path, {})
    assert done.exit_code == 2
    assert done.output == "Name the version of the workers: this one is empty.\n"


def test_doctor_tells_a_lacking_namespace_and_goes_on(
    database_url: str, temporal_address: str, tmp_path: Path
) -> None:
    servers = {
        "SWITCHBOARD_DATABASE_URL": database_url,
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_NAMESPACE": "elsewhere",
    }
    done = run(("doctor",), tmp_path, servers)
    assert done.exit_code == 2
    lacks = "Temporal does not have the namespace that TEMPORAL_NAMESPACE names."
    assert f"Namespace of Temporal: {lacks}" in done.output.splitlines()
    assert "up to date" in done.output
