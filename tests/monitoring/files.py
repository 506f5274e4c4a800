"""The files of deploy/monitoring, as tests look at them."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.docs.pages import ROOT

FOLDER = ROOT / "deploy" / "monitoring"
LABEL = re.compile(r'"[^"]*"')
NAME = re.compile(r"\b(?:switchboard|temporal|process)_[a-z_]+\b")


def alerts() -> Mapping[str, Mapping[str, Any]]:
    """Return the alert rules by their names."""
    groups = yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def panels() -> list[Mapping[str, Any]]:
    """Return the panels of the dashboard that show something."""
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text())
    return [one for one in dashboard["panels"] if one["type"] != "row"]


def shown() -> Iterator[str]:
    """Return the expressions of the dashboard, as Grafana asks them."""
    for panel in panels():
        for target in panel["targets"]:
            yield target["expr"].replace("$__rate_interval", "1m")


def names_used() -> set[str]:
    """Return the figures that rules and dashboard name."""
    expressions = [*shown(), *(rule["expr"] for rule in alerts().values())]
    bare = [LABEL.sub("", one) for one in expressions]
    return {name for one in bare for name in NAME.findall(one)}
