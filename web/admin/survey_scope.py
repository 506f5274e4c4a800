"""The survey that applies to a scope, where it was set, and setting it for the scope."""

from dataclasses import dataclass

from database.queries import surveys as surveys_set
from domain.settings.resolution import resolve
from domain.settings.scope import reaches
from domain.survey.design import SurveyDesign
from services.configuring import surveys
from web.admin.scopes import PRODUCT, Brand, PageScope
from web.frame import Frame
from web.overtaken import version_of


@dataclass(frozen=True)
class ResolvedSurvey:
    """A survey that applies, and the scope it was set for. `own`: its row, if set here."""

    design: SurveyDesign
    source: str = PRODUCT
    own: int | None = None

    @property
    def version(self) -> str:
        """The same for the same survey set here, and for none."""
        return version_of([repr(self.design) if self.own else ""])


async def resolve_survey(frame: Frame, brand: Brand, scope: PageScope) -> ResolvedSurvey:
    """Return the most specific survey for a scope, or the product's."""
    rows = await surveys.listed(frame.caller, frame.session)
    every, around = [surveys_set.design(row) for row in rows], brand.applying(scope)
    reaching = [one for one in every if reaches(one.source.scope, around)]
    held = resolve(reaching, SurveyDesign())
    own = held.source.id if held.source.scope == scope.settings_scope else None
    return ResolvedSurvey(held.value, brand.source(held.source), own)


async def put(frame: Frame, scope: PageScope, design: SurveyDesign) -> None:
    """Set the survey of a scope."""
    await surveys.put(
        frame.caller, frame.session, design, line_id=scope.line, connector_id=scope.connector
    )
