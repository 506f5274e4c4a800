"""Every design of a survey, for properties."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st

from domain.policy.policy import Policy
from domain.survey.design import SurveyDesign, policy_of
from domain.survey.kinds import FollowUp, Interruption
from domain.survey.scales import READY, Scale, ScaleStep

FACES = Scale(
    name="faces",
    steps=(ScaleStep(value=3, label="sad"), ScaleStep(value=7, label="great", words=("👍",))),
    satisfied_from=7,
)
DESIGNS = st.builds(
    SurveyDesign,
    scale=st.sampled_from([*READY, FACES]),
    questions=st.integers(1, 3),
    interruption=st.sampled_from(Interruption),
    late_within=st.sampled_from([timedelta(0), timedelta(hours=24), timedelta(hours=24)]),
    follow_ups=st.lists(st.sampled_from(FollowUp), unique=True).map(tuple),
    minimum_texts=st.sampled_from([1, 1, 2]),
    sample_percent=st.sampled_from([100, 100, 50]),
)


def surveyed(policies: Sequence[Policy]) -> st.SearchStrategy[Policy]:
    """Return policies with any survey."""

    def with_survey(policy: Policy, design: SurveyDesign, after_auto_close: bool) -> Policy:
        survey = policy_of(design, after_auto_close=after_auto_close)
        return policy.model_copy(update={"survey": survey})

    return st.builds(with_survey, st.sampled_from(policies), DESIGNS, st.booleans())
