"""The survey that holds at a place, from where it comes, and setting it there."""

from dataclasses import dataclass

from database.queries import surveys as surveys_set
from domain.settings.resolution import resolve
from domain.settings.scope import reaches
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
    every, around = [surveys_set.design(row) for row in rows], brand.around(place)
    reaching = [one for one in every if reaches(one.source.place, around)]
    held = resolve(reaching, SurveyDesign())
    own = held.source.id if held.source.place == place.setting else None
    return ResolvedSurvey(held.value, brand.source(held.source), own)


async def put(frame: Frame, place: PageScope, design: SurveyDesign) -> None:
    """Set the survey of a place."""
    await surveys.put(
        frame.caller, frame.session, design, line_id=place.line, connector_id=place.connector
    )
