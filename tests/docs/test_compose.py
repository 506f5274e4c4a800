"""What can be checked of the container files without a container engine."""

import json
import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import Settings
from tests.docs.commands import COMMANDS
from tests.docs.pages import ROOT
from tests.docs.test_configuration import fields_of

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
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


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_runs_a_command_with_settings_that_exist(name: str) -> None:
    assert OURS[name]["command"][0] in COMMANDS
    ours = {
        key: value
        for key, value in OURS[name]["environment"].items()
        if key.startswith("SWITCHBOARD_")
    }
    known = dict(fields_of(Settings))
    assert set(ours) <= set(known)
    assert {variable for variable, field in known.items() if field.is_required()} <= set(ours)


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_and_configs_of_a_service_are_declared(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        assert volume.partition(":")[0] in COMPOSE["volumes"]
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
            if re.search(r"PASSWORD|PWD|KEYS", key):
                assert value.startswith("${"), key


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
        "pyproject.toml",
        "README.md",
        "LICENSE",
    }
    assert all(Path(ROOT / name).exists() for name in allowed)


def test_the_image_runs_as_nobody_special_from_locked_packages_and_says_whether_it_lives() -> None:
    final = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert re.search(r"^USER (?!root)\w+$", final, re.MULTILINE)
    assert "/health/live" in final
    for instruction in ("ENTRYPOINT", "CMD"):
        form = re.search(rf"^{instruction} (\[.*\])$", final, re.MULTILINE)
        assert form
        assert json.loads(form[1])


def test_a_proxy_on_the_machine_is_believed_and_nobody_else() -> None:
    [network] = COMPOSE["networks"]["default"]["ipam"]["config"]
    believed = OURS["api"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert believed == f"${{FORWARDED_ALLOW_IPS:-{network['gateway']}}}"
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
