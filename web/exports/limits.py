"""What limits exports of figures, on their forms: a skill, a team and so on, as on a report."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.reporting.kinds import SplitBy
from services.reporting.choices import FILTERS, load_choices
from web.export_links import ONLY
from web.forms import FormFields
from web.frame import Frame
from web.report_names import named
from web.words import Words

FIGURE = "figure"
APART = Words(
    {
        SplitBy.day: "Day",
        SplitBy.month: "Month",
        SplitBy.skill: "Skill",
        SplitBy.agent: "Agent",
        SplitBy.team: "Team",
        SplitBy.line: "Line",
        SplitBy.source: "Source",
        SplitBy.label: "Label",
        SplitBy.total: "Nothing",
        SplitBy.weekday: "Day of the week",
        SplitBy.hour: "Hour of the day",
    }
)


async def limits_of(frame: Frame, report: Mapping[str, Any]) -> dict[str, object]:
    """Return the fields of a form, with what a report is limited to already."""
    known = await load_choices(frame.caller, frame.session)
    only = {by: str(report[by]) for by in FILTERS if report.get(by)}
    fields = [
        (f"{ONLY}{by}", APART[by], only.get(by, ""), named(by, known[by], only)) for by in FILTERS
    ]
    return {"limits": fields, "figures": report.get("figures") or []}


def limits_in(form: FormFields) -> dict[str, object]:
    """Return what a form limits a report to."""
    only: dict[str, object] = {str(by): form.maybe(f"{ONLY}{by}") for by in FILTERS}
    figures: Sequence[str] = form.every(FIGURE)
    return {**only, "figures": list(figures)}
