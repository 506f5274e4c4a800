"""What consumers say of it."""

from domain.reporting.defined.ways import count, share
from domain.reporting.figures import Amount, Figure, Group, Unit
from domain.reporting.kinds import FactKind
from domain.reporting.sums import Part

RATED = Part(FactKind.rated)
SATISFACTION = (
    share(
        "csat",
        "CSAT",
        "Ratings that are good on their scale, among all valid ones. They belong to the last agent "
        "and skill at the closing.",
        Part(FactKind.satisfied),
        RATED,
        Group.satisfaction,
    ),
    Figure(
        "mean_rating",
        "Mean rating",
        "The mean of the scores. Where scales differ, compare CSAT.",
        Group.satisfaction,
        Unit.ratio,
        RATED,
        RATED,
        amount=Amount.total,
    ),
    count("rated", "Ratings", "Valid ratings that consumers gave.", RATED, Group.satisfaction),
    share(
        "answer_rate",
        "Answer rate",
        "Ratings, among the consumers who were asked for one.",
        RATED,
        Part(FactKind.survey_asked),
        Group.satisfaction,
    ),
    Figure(
        "nps",
        "NPS",
        "The share of answers 9 and 10 less that of answers 0 to 6 to whether a consumer would "
        "recommend you.",
        Group.satisfaction,
        Unit.score,
        Part(FactKind.recommended, ("promoter",)),
        Part(FactKind.recommended),
        Part(FactKind.recommended, ("detractor",)),
    ),
    share(
        "resolved",
        "Resolved",
        "Yes among the answers to whether the matter is resolved.",
        Part(FactKind.resolved, ("yes",)),
        Part(FactKind.resolved),
        Group.satisfaction,
    ),
)
