"""deploy/kubernetes, checked against Kubernetes' own schemas and against what the product has."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from domain.endpoints.urls import PUBLIC_PORTS
from secret_files import ENDING
from settings import MailSettings, Settings
from tests.docs.commands import COMMANDS
from tests.docs.pages import ROOT
from tests.docs.test_configuration import fields_of

FOLDER = ROOT / "deploy" / "kubernetes"
VERSIONS = ("1.30", "1.37")
"""The oldest and the newest that the manifests are for."""


@cache
def manifests() -> dict[str, dict[str, Any]]:
    """Return everything that is applied, by kind and name."""
    names = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    return {
        f"{one['kind']}/{one['metadata']['name']}": one
        for name in [*names, "secrets.example.yaml"]
        for one in yaml.safe_load_all((FOLDER / name).read_text())
    }


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, one in manifests().items():
        if one["kind"] in {"Deployment", "Job"}:
            yield name, one["spec"]["template"]


def test_every_manifest_is_applied_and_valid() -> None:
    # Loaded here: it builds grammars for two seconds, in each process that collects this file.
    import kubernetes_validate

    files = {path.name for path in FOLDER.glob("*.yaml")}
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    assert files == {*listed, "kustomization.yaml", "secrets.example.yaml"}
    for version in VERSIONS:
        for one in manifests().values():
            kubernetes_validate.validate(one, version, strict=True)
    odd = {**manifests()["Deployment/switchboard-api"], "specs": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(odd, VERSIONS[0], strict=True)


def test_there_are_the_processes_of_operations_with_probes_limits_and_time_to_stop() -> None:
    started = {}
    for name, pod in pods():
        [container] = pod["spec"]["containers"]
        started[name] = container["args"][0]
        assert container["args"][0] in COMMANDS
        assert {"requests", "limits"} <= set(container["resources"])
        if name.startswith("Deployment/"):
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            for probe in ("startupProbe", "livenessProbe"):
                asked = container[probe]["httpGet"]
                assert asked["path"] == "/health/live"  # /health/ready fails with Temporal
                assert asked["port"] in ports
            assert pod["spec"]["terminationGracePeriodSeconds"] > 20
    assert started == {
        "Job/switchboard-migrate": "migrate",
        "Deployment/switchboard-api": "api",
        "Deployment/switchboard-worker": "worker",
    }


@pytest.mark.parametrize(("name", "pod"), list(pods()))
def test_a_pod_runs_as_nobody_special_and_changes_nothing(name: str, pod: dict[str, Any]) -> None:
    spec = pod["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True, name
    assert spec["securityContext"]["runAsUser"] == 10001
    assert spec["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    assert spec["automountServiceAccountToken"] is False
    [container] = spec["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_settings_exist_and_secrets_are_files_of_the_secret() -> None:
    settings = manifests()["ConfigMap/switchboard"]["data"]
    known = {name for name, _ in fields_of(Settings)}
    ours = {name for name in settings if name.startswith("SWITCHBOARD_")}
    assert {name.removesuffix(ENDING) for name in ours} <= known
    required = {name for name, field in fields_of(Settings) if field.is_required()}
    assert {f"{name}{ENDING}" for name in required} <= ours
    keys = set(manifests()["Secret/switchboard"]["stringData"])
    for name in ours:
        if name.endswith(ENDING):
            folder, _, key = settings[name].rpartition("/")
            assert folder == "/run/secrets/switchboard"
            assert key in keys
    for _, pod in pods():
        [container] = pod["spec"]["containers"]
        mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert {"/run/secrets/switchboard", "/tmp"} <= mounts
    ports = {
        container["name"]: [str(port["containerPort"]) for port in container.get("ports", [])]
        for _, pod in pods()
        for container in pod["spec"]["containers"]
    }
    assert settings["SWITCHBOARD_API_PORT"] in ports["api"]
    assert settings["SWITCHBOARD_WORKER_HEALTH_PORT"] in ports["worker"]


def test_selectors_find_the_pods_that_they_are_about() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods()}
    for name, one in manifests().items():
        spec = one.get("spec", {})
        if one["kind"] == "Service":
            wanted = spec["selector"]
        elif one["kind"] in {"Deployment", "PodDisruptionBudget"}:
            wanted = spec["selector"]["matchLabels"]
        elif one["kind"] == "NetworkPolicy":
            wanted = spec["podSelector"]["matchLabels"]
        else:
            continue
        assert any(wanted.items() <= found.items() for found in labels.values()), name
    scaled = manifests()["HorizontalPodAutoscaler/switchboard-api"]["spec"]["scaleTargetRef"]
    assert f"{scaled['kind']}/{scaled['name']}" in manifests()
    assert "replicas" not in manifests()["Deployment/switchboard-api"]["spec"]


def test_a_rolling_update_leaves_no_conversation_to_a_version_without_workers() -> None:
    settings = manifests()["ConfigMap/switchboard"]["data"]
    assert settings["SWITCHBOARD_WORKER_BUILD_ID"] == "unversioned"


def test_pods_reach_whatever_the_pages_set_up_at_the_ports_that_these_name() -> None:
    names = ("configuration.md", "scaling.md")
    pages = "".join((ROOT / "docs" / name).read_text() for name in names)
    named = {int(port) for port in re.findall(r"(?:@[\w.]+:|\(port )(\d+)", pages)}
    assert {5432, 6432, 465} <= named
    wanted = {*named, MailSettings().mail_port, 7233, 4318}
    _, anywhere, internet = (
        {one["port"] for one in rule["ports"]}
        for rule in manifests()["NetworkPolicy/switchboard"]["spec"]["egress"]
    )
    assert wanted <= anywhere
    assert internet == PUBLIC_PORTS


def test_prometheus_reaches_each_pod_at_the_port_that_the_policy_opens() -> None:
    settings = manifests()["ConfigMap/switchboard"]["data"]
    assert settings["SWITCHBOARD_METRICS_HOST"] == "0.0.0.0"
    for name, pod in pods():
        [container] = pod["spec"]["containers"]
        ports = {port["name"]: str(port["containerPort"]) for port in container.get("ports", [])}
        if name.startswith("Deployment/"):
            assert ports["metrics"] == settings["SWITCHBOARD_METRICS_PORT"]
