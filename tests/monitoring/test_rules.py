"""Alert rules and dashboard agree with each other, the documents and Prometheus."""

import re
import subprocess

import pytest

from tests.docs.pages import ROOT, rows, section
from tests.fixtures.prometheus import program
from tests.monitoring.files import FOLDER, alerts, panels

PAGE = ROOT / "docs" / "operations.md"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", "rules.yml"),
        ("check", "config", "prometheus.yml"),
        ("test", "rules", "rules_test.yml"),
    ],
)
def test_prometheus_takes_the_files_and_alerts_fire_when_they_should(
    arguments: tuple[str, ...],
) -> None:
    done = subprocess.run(
        [program("promtool"), *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_a_sentence_and_its_runbook_and_no_runbook_is_left_over() -> None:
    headings = re.findall(r"^### (Switchboard\w+)$", section(PAGE, "## Alerts"), re.MULTILINE)
    assert headings == list(alerts())
    for name, rule in alerts().items():
        told = rule["annotations"]
        assert told["summary"].endswith(".")
        assert told["runbook_url"] == f"docs/operations.md#{name.lower()}"
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}


def test_every_event_that_needs_somebody_raises_the_alert() -> None:
    wanted = {
        name
        for events, _, alert in rows(section(PAGE, "## Logs"))
        if alert.startswith(("yes", "always"))
        for name in re.findall(r"`(\w+)`", events)
    }
    watched = re.findall(r'event=~"([^"]*)"', alerts()["SwitchboardTrouble"]["expr"])
    assert [set(one.split("|")) for one in watched] == [wanted, wanted]


def test_each_panel_has_a_title_of_its_own() -> None:
    titles = [one["title"] for one in panels()]
    assert len(titles) == len(set(titles))
