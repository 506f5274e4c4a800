"""A survey as a form: the values of its fields, and the design somebody filled in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.errors import Invalid
from domain.survey.design import SurveyDesign
from domain.survey.scales import Scale
from web import durations
from web.forms import FormFields, parse
from web.words import Words, _, mark, said

OWN = "own"
SPARE = 2
"""Empty rows for more answers."""
MOST_STEPS = 11
LABELS = Words(
    {
        "scale": "Scale",
        "questions": "Questions at most",
        "timeout": "Time to answer",
        "late_within": "Late answers count for",
        "interruption": "A new request interrupts",
        "follow_ups": "Questions after the rating",
        "minimum_texts": "Texts the consumer must have written",
        "once_per": "One survey per consumer in",
        "sample_percent": "Percentage of conversations",
    }
)
TIMES = ("timeout", "late_within", "once_per")
GRADES = Words(
    {
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
)
"""What an answer may understand in every language, besides the account's own words."""


@dataclass(frozen=True)
class StepFields:
    """One answer of the account's own scale."""

    value: str = ""
    label: str = ""
    words: str = ""
    grades: str = ""
    is_first_good: bool = False


EXAMPLE = (
    StepFields("1", mark("Bad"), "", "terrible+bad"),
    StepFields("2", mark("Fair"), "", "fair"),
    StepFields("3", mark("Good"), "", "good+excellent", is_first_good=True),
)
"""The answers to start from."""


@dataclass(frozen=True)
class SurveyFields:
    """The values of a survey's fields."""

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
        steps=[*(_rows(own) if own else _example()), *[StepFields()] * SPARE][:MOST_STEPS],
        questions=design.questions,
        timeout=durations.to_text(round(design.timeout.total_seconds())),
        late_within=durations.to_text(round(design.late_within.total_seconds())),
        interruption=design.interruption,
        follow_ups=design.follow_ups,
        minimum_texts=design.minimum_texts,
        once_per=durations.to_text(round(once_per.total_seconds())) if once_per else "",
        sample_percent=design.sample_percent,
    )


def _example() -> Iterator[StepFields]:
    for one in EXAMPLE:
        yield replace(one, label=said(one.label))


def _rows(scale: Scale) -> Iterator[StepFields]:
    for step in scale.steps:
        yield StepFields(
            value=str(step.value),
            label=step.label,
            words=", ".join(step.words),
            grades="+".join(step.grades),
            is_first_good=step.value == scale.satisfied_from,
        )


def design(form: FormFields) -> SurveyDesign:
    """Return the design somebody filled in. Raises `Invalid`."""
    values: dict[str, object] = {
        "enabled": form.is_checked("enabled"),
        "scale": _own_scale(form) if form.text("scale") == OWN else form.text("scale"),
        "follow_ups": form.every("follow_ups"),
        **{name: form.seconds(name, LABELS[name]) for name in TIMES},
        **{name: form.text(name) for name in ("questions", "minimum_texts", "sample_percent")},
        "interruption": form.text("interruption"),
    }
    return parse(SurveyDesign, values, LABELS)


def _own_scale(form: FormFields) -> dict[str, object]:
    rows = [row for row in range(MOST_STEPS) if form.text(f"label-{row}")]
    first_good = form.text("satisfied_from")
    return {
        "name": form.text("scale_name") or "Own",
        "steps": [_step(form, row) for row in rows],
        "satisfied_from": _value(form, int(first_good)) if first_good.isdecimal() else -1,
    }


def _step(form: FormFields, row: int) -> dict[str, object]:
    words = (word.strip() for word in form.text(f"words-{row}").split(","))
    grades = form.text(f"grades-{row}")
    return {
        "value": _value(form, row),
        "label": form.text(f"label-{row}"),
        "words": [word for word in words if word],
        "grades": grades.split("+") if grades else [],
    }


def _value(form: FormFields, row: int) -> int:
    written = form.text(f"value-{row}")
    try:
        return int(written or row)
    except ValueError as error:
        label = form.text(f"label-{row}")
        raise Invalid(_("{label}: the value must be a number.", label=label)) from error
