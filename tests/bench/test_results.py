"""Results are kept part by part, and say nothing of the machine but cores and Python."""

import json
from pathlib import Path

from bench import results
from bench.figures import Figure


def keep(folder: Path, part: str, value: float) -> None:
    measured = results.circumstances(size=1)
    figure = Figure(name="rate", value=value, ceiling=10, at_least=0.5)
    results.keep(folder, part, measured.model_copy(update={"figures": [figure]}))


def test_a_part_measured_again_replaces_its_own_figures_only(tmp_path: Path) -> None:
    keep(tmp_path, "ingest", 4)
    keep(tmp_path, "cost", 7)
    keep(tmp_path, "ingest", 8)
    parts = json.loads((tmp_path / "results.json").read_text())["parts"]
    assert {part: found["figures"][0]["value"] for part, found in parts.items()} == {
        "ingest": 8,
        "cost": 7,
    }


def test_the_page_shows_a_table_for_each_part(tmp_path: Path) -> None:
    keep(tmp_path, "ingest", 4)
    keep(tmp_path, "cost", 7)
    page = (tmp_path / "results.md").read_text()
    assert "| rate | 4 | 10 | 0.40 | ≥ 0.5 | missed |" in page
    assert page.index("## cost") < page.index("## ingest")
