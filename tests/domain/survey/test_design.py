"""Behaviour, section 6: scales and settings of a survey are checked when they are saved."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.survey.design import SurveyDesign, policy_of
from domain.survey.kinds import FollowUp, Interruption
from domain.survey.policy import SurveyPolicy
from domain.survey.scales import (
    ONE_TO_FIVE,
    READY,
    THUMBS,
    ZERO_TO_TEN,
    Scale,
    ScaleStep,
    csat_percent,
)


def steps(*pairs: tuple[int, str], words: tuple[str, ...] = ()) -> tuple[ScaleStep, ...]:
    return tuple(ScaleStep(value=value, label=label, words=words) for value, label in pairs)


def own(*pairs: tuple[int, str], satisfied_from: int = 2, name: str = "ours") -> Scale:
    return Scale(name=name, steps=steps(*pairs), satisfied_from=satisfied_from)


def with_words(first: tuple[str, ...], second: tuple[str, ...]) -> Scale:
    worse = ScaleStep(value=1, label="meagre", words=first)
    better = ScaleStep(value=2, label="rich", words=second)
    return Scale(name="ours", steps=(worse, better), satisfied_from=2)


def refusal_of(**design: object) -> str:
    with pytest.raises(ValidationError) as refused:
        SurveyDesign.model_validate(design)
    return str(refused.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("name", "values", "satisfied"),
    [
        (ONE_TO_FIVE, [1, 2, 3, 4, 5], [4, 5]),
        (ZERO_TO_TEN, list(range(11)), [8, 9, 10]),
        (THUMBS, [0, 1], [1]),
    ],
)
def test_ready_scales_say_which_answers_are_good(
    name: str, values: list[int], satisfied: list[int]
) -> None:
    scale = READY[name]
    assert list(scale.values) == values
    assert [value for value in values if scale.is_satisfied(value)] == satisfied


@pytest.mark.parametrize("scale", [*READY, *READY.values(), own((1, "bad"), (2, "good"))])
def test_usable_scales_are_taken_and_come_back_from_json(scale: str | Scale) -> None:
    design = SurveyDesign(scale=scale)
    assert SurveyDesign.model_validate_json(design.model_dump_json()) == design


@pytest.mark.parametrize(
    ("scale", "sentence"),
    [
        ("one_to_six", "There is no scale 'one_to_six'"),
        (own((1, ""), (2, "good")), "The step 1 needs a label"),
        (own((1, "  "), (2, "good")), "The step 1 needs a label"),
        (own((1, "x" * 41), (2, "good")), "at most 40 characters"),
        (own(), "at least two steps"),
        (own((1, "good")), "at least two steps"),
        (own(*((n, f"step {n}") for n in range(12))), "at most 11 steps"),
        (own((-1, "bad"), (2, "good")), "numbers from 0 to 100"),
        (own((1, "bad"), (101, "good")), "numbers from 0 to 100"),
        (own((1, "bad"), (1, "good")), "the same value"),
        (own((2, "good"), (1, "bad")), "from the worst to the best"),
        (own((1, "bad"), (2, "good"), satisfied_from=1), "`satisfied_from`"),
        (own((1, "bad"), (2, "good"), satisfied_from=3), "`satisfied_from`"),
        (own((1, "good"), (2, "Góod!")), "means two steps"),
        (own((1, "2"), (2, "good")), "means the step 2, not the step 1"),
        (own((1, "two"), (2, "good")), "means the step 2, not the step 1"),
        (own((1, "stop"), (2, "go")), "is a keyword"),
        (own((1, "..."), (2, "good")), "needs letters, digits or emoji"),
        (own((1, "bad"), (2, "good"), name=""), "needs a name"),
        (own((1, "bad"), (2, "good"), name=THUMBS), "name of a ready scale"),
        (with_words(("thin",), ("THIN",)), "means two steps"),
        (with_words(("👎",), ("👎🏿",)), "means two steps"),
        (with_words(("thin", "thin"), ()), "listed twice"),
        (with_words(("thin", ""), ()), "needs letters, digits or emoji"),
        (with_words(tuple(f"w{n}" for n in range(31)), ()), "at most 30 words"),
    ],
)
def test_a_scale_that_could_not_be_read_is_refused(scale: str | Scale, sentence: str) -> None:
    assert sentence in refusal_of(scale=scale)


def test_a_grade_stands_for_one_step() -> None:
    thumbs = READY[THUMBS]
    down, up = thumbs.steps
    same = thumbs.model_copy(
        update={"name": "ours", "steps": (down, up.model_copy(update={"grades": down.grades}))}
    )
    assert "grade means two steps" in refusal_of(scale=same)


@pytest.mark.parametrize(
    ("design", "sentence"),
    [
        ({"questions": 0}, "1 to 3 times"),
        ({"questions": 4}, "1 to 3 times"),
        ({"timeout": 59}, "1 minute to 7 days"),
        ({"timeout": timedelta(days=7, seconds=1)}, "1 minute to 7 days"),
        ({"late_within": -1}, "up to 7 days"),
        ({"late_within": timedelta(days=7, seconds=1)}, "up to 7 days"),
        ({"sample_percent": 0}, "1 to 100"),
        ({"sample_percent": 101}, "1 to 100"),
        ({"minimum_texts": 0}, "1 to 50"),
        ({"minimum_texts": 51}, "1 to 50"),
        ({"once_per": 0}, "up to 365 days"),
        ({"once_per": timedelta(days=365, seconds=1)}, "up to 365 days"),
        ({"follow_ups": ["comment", "comment"]}, "asked only once"),
        ({"follow_ups": ["weather"]}, "resolved"),
        ({"surprise": True}, "not permitted"),
    ],
)
def test_settings_out_of_their_range_are_refused(design: dict[str, object], sentence: str) -> None:
    assert sentence in refusal_of(**design)


@pytest.mark.parametrize(
    "design",
    [
        {"questions": 1, "timeout": 60, "late_within": 0, "sample_percent": 1},
        {"questions": 3, "timeout": 604800, "late_within": 604800, "minimum_texts": 50},
        {"once_per": timedelta(days=365), "follow_ups": ["comment", "resolved"]},
    ],
)
def test_the_ends_of_the_ranges_are_taken(design: dict[str, object]) -> None:
    assert SurveyDesign.model_validate(design)


def test_a_field_that_a_newer_version_saved_is_ignored_during_a_deploy() -> None:
    kept = SurveyDesign(questions=2, scale=READY[ZERO_TO_TEN])
    saved = kept.model_dump(mode="json") | {"of_tomorrow": True}
    saved["scale"]["of_tomorrow"] = True
    assert SurveyDesign.stored(saved) == kept
    with pytest.raises(ValidationError):
        SurveyDesign.model_validate(saved)


def test_a_design_becomes_what_a_conversation_is_told() -> None:
    design = SurveyDesign(
        scale=ZERO_TO_TEN,
        interruption=Interruption.at_once,
        follow_ups=(FollowUp.comment, FollowUp.resolved),
        sample_percent=50,
    )
    policy = policy_of(design, after_auto_close=True)
    assert policy == SurveyPolicy(
        scale=READY[ZERO_TO_TEN],
        interruption=Interruption.at_once,
        late_within=timedelta(hours=24),
        follow_ups=(FollowUp.resolved, FollowUp.comment),
        after_auto_close=True,
        sample_percent=50,
    )


@pytest.mark.parametrize(
    ("satisfied", "valid", "percent"), [(0, 0, None), (0, 3, 0), (2, 3, 67), (3, 3, 100)]
)
def test_csat_is_good_answers_of_a_hundred_valid_ones(
    satisfied: int, valid: int, percent: int | None
) -> None:
    assert csat_percent(satisfied, valid) == percent
