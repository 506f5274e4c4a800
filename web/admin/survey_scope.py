"""The survey that holds at a place, from where it comes, and setting it there."""

from collections.abc import Sequence
from dataclasses import dataclass

from database.tables import Survey
from domain.automatic.wordings import Scope as SetFor
from domain.automatic.wordings import generality
from domain.survey.design import SurveyDesign
from services.configuring import surveys
from web.admin.scopes import PRODUCT, Brand, PageScope
from web.frame import Frame


@dataclass(frozen=True)
class ResolvedSurvey:
    """A survey that holds, and for what it was set. `own`: its row, where that is right here."""

    design: SurveyDesign
    source: str = PRODUCT
    own: int | None = None


async def chosen(frame: Frame, brand: Brand, place: PageScope) -> ResolvedSurvey:
    """Return the most specific survey that holds at a place, else the product's."""
    rows = await surveys.listed(frame.caller, frame.session)
    found = _most_specific(rows, brand.reach(place))
    if found is None:
        return ResolvedSurvey(SurveyDesign())
    setting = _set_for(found)
    own = found.id if setting == place.setting else None
    design = SurveyDesign.model_validate(found.definition)
    return ResolvedSurvey(design, brand.source(setting), own)


async def put(frame: Frame, place: PageScope, design: SurveyDesign) -> None:
    """Set the survey of a place."""
    await surveys.put(
        frame.caller, frame.session, design, line_id=place.line, connector_id=place.connector
    )


def _most_specific(rows: Sequence[Survey], reach: set[SetFor]) -> Survey | None:
    fitting = [row for row in rows if _set_for(row) in reach]
    return min(fitting, key=lambda row: generality(_set_for(row)), default=None)


def _set_for(row: Survey) -> SetFor:
    return SetFor(line_id=row.line_id, connector_id=row.connector_id)
