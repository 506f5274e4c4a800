"""A survey as a form: what stands in its fields, and the design somebody filled in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import Invalid
from domain.survey.design import SurveyDesign
from domain.survey.scales import Scale
from web import durations
from web.forms import Filled, model

OWN = "own"
SPARE = 2
"""Empty rows for more answers."""
MOST_STEPS = 11
LABELS = {
    "scale": "Scale",
    "questions": "Questions in all",
    "timeout": "Time to answer",
    "late_within": "Late answers count for",
    "interruption": "A new request interrupts",
    "follow_ups": "Questions after the rating",
    "minimum_texts": "Texts a consumer has written",
    "once_per": "One survey per consumer in",
    "sample_percent": "Of a hundred conversations",
}
TIMES = ("timeout", "late_within", "once_per")
GRADES = {
    "": "Only its words",
    "terrible": "Very bad",
    "terrible+bad": "Bad and worse",
    "bad": "Bad",
    "fair": "Fair",
    "good": "Good",
    "good+excellent": "Good and better",
    "excellent": "Excellent",
    "no": "No",
    "yes": "Yes",
    "terrible+bad+no": "No, bad and worse",
    "good+excellent+yes": "Yes, good and better",
}
"""What a step may understand in every language, beside the account's own words."""


@dataclass(frozen=True)
class StepFields:
    """A row of an own scale."""

    value: str = ""
    label: str = ""
    words: str = ""
    grades: str = ""
    is_first_good: bool = False


EXAMPLE = (
    StepFields("1", "Bad", "", "terrible+bad"),
    StepFields("2", "Fair", "", "fair"),
    StepFields("3", "Good", "", "good+excellent", is_first_good=True),
)
"""What an own scale begins with."""


@dataclass(frozen=True)
class SurveyFields:
    """What stands in the fields of a survey."""

    enabled: bool
    scale: str
    scale_name: str
    steps: Sequence[StepFields]
    questions: int
    timeout: str
    late_within: str
    interruption: str
    follow_ups: Sequence[str]
    minimum_texts: int
    once_per: str
    sample_percent: int


def fields(design: SurveyDesign) -> SurveyFields:
    """Return a design as its form shows it."""
    own = design.scale if isinstance(design.scale, Scale) else None
    once_per = design.once_per
    return SurveyFields(
        enabled=design.enabled,
        scale=OWN if own else str(design.scale),
        scale_name=own.name if own else "",
        steps=[*(_rows(own) if own else EXAMPLE), *[StepFields()] * SPARE][:MOST_STEPS],
        questions=design.questions,
        timeout=durations.written(round(design.timeout.total_seconds())),
        late_within=durations.written(round(design.late_within.total_seconds())),
        interruption=design.interruption,
        follow_ups=design.follow_ups,
        minimum_texts=design.minimum_texts,
        once_per=durations.written(round(once_per.total_seconds())) if once_per else "",
        sample_percent=design.sample_percent,
    )


def _rows(scale: Scale) -> Iterator[StepFields]:
    for step in scale.steps:
        yield StepFields(
            value=str(step.value),
            label=step.label,
            words=", ".join(step.words),
            grades="+".join(step.grades),
            is_first_good=step.value == scale.satisfied_from,
        )


def design(filled: Filled) -> SurveyDesign:
    """Return the design somebody filled in. Raises `Invalid`."""
    values: dict[str, object] = {
        "enabled": filled.is_checked("enabled"),
        "scale": _own_scale(filled) if filled.text("scale") == OWN else filled.text("scale"),
        "follow_ups": filled.every("follow_ups"),
        **{name: filled.seconds(name, LABELS[name]) for name in TIMES},
        **{name: filled.text(name) for name in ("questions", "minimum_texts", "sample_percent")},
        "interruption": filled.text("interruption"),
    }
    return model(SurveyDesign, values, LABELS)


def _own_scale(filled: Filled) -> dict[str, object]:
    rows = [row for row in range(MOST_STEPS) if filled.text(f"label-{row}")]
    first_good = filled.text("satisfied_from")
    return {
        "name": filled.text("scale_name") or "Own",
        "steps": [_step(filled, row) for row in rows],
        "satisfied_from": _value(filled, int(first_good)) if first_good.isdecimal() else -1,
    }


def _step(filled: Filled, row: int) -> dict[str, object]:
    words = (word.strip() for word in filled.text(f"words-{row}").split(","))
    grades = filled.text(f"grades-{row}")
    return {
        "value": _value(filled, row),
        "label": filled.text(f"label-{row}"),
        "words": [word for word in words if word],
        "grades": grades.split("+") if grades else [],
    }


def _value(filled: Filled, row: int) -> int:
    written = filled.text(f"value-{row}")
    try:
        return int(written or row)
    except ValueError as error:
        raise Invalid(f"{filled.text(f'label-{row}')}: the value must be a number.") from error
