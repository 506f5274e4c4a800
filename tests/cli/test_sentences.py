"""What a command says whose database or Temporal is away, or does not fit it: one sentence."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from embedded import postgres
from embedded.keys import new_encryption_key
from embedded.postgres import Cluster
from tests.fixtures.ports import own_port

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


@pytest.mark.parametrize("words", OF_DATABASE, ids=" ".join)
def test_a_database_that_is_away_is_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    away = f"postgresql://u:p@127.0.0.1:{own_port()}/switchboard"
    done = run(words, tmp_path, {"SWITCHBOARD_DATABASE_URL": away})
    assert done.exit_code in {1, 2}
    assert "cannot be reached." in done.output
    assert len([one for one in done.output.splitlines() if "First key" not in one]) == 1


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
