"""A brand's whole configuration as one file: exported, planned and applied."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.app_state import AppStateDep
from api.caller import AdminDep
from api.problems import Documented, documented
from api.schemas.configuration import (
    ConfigurationPlanOut,
    ConfigurationToApply,
    ConfigurationToPlan,
)
from api.scopes import needs
from domain.errors import Conflict, NotAllowed
from domain.people.token_scopes import OF_A_BRANDS_FILE, Area
from services.brand_file import applying
from services.brand_file.applying import ConfigurationChanged, ConfigurationUnfit
from services.brand_file.tree import Unreadable

YAML = "application/yaml"
FILE: Documented = {
    200: {"content": {YAML: {"schema": {"type": "string"}}}, "description": "The file, as YAML."}
}

router = APIRouter(
    prefix="/configuration",
    tags=["settings"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.settings, also=OF_A_BRANDS_FILE)],
)


@router.get("", response_class=Response, responses=FILE | documented(Conflict))
async def export_configuration(
    caller: AdminDep,
    app: AppStateDep,
    defaults: Annotated[
        bool, Query(description="Write settings that are the default, too.")
    ] = False,
) -> Response:
    """Export all settings of the account as one file. No secret is in it."""
    text = await applying.export(caller, app.sessions, app.outfit, is_whole=defaults)
    return Response(text, media_type=YAML)


@router.post("/plan", responses=documented(Conflict))
async def plan_configuration(
    asked: ConfigurationToPlan, caller: AdminDep, app: AppStateDep
) -> ConfigurationPlanOut:
    """Say what a file would change, or why it cannot be applied. Nothing changes."""
    found = await applying.plan(caller, app.sessions, app.outfit, asked.wanted)
    return ConfigurationPlanOut.of(found)


@router.post("/apply", responses=documented(ConfigurationChanged, ConfigurationUnfit, Unreadable))
async def apply_configuration(
    asked: ConfigurationToApply, caller: AdminDep, app: AppStateDep
) -> ConfigurationPlanOut:
    """Apply a file whose plan you have looked at: all of it, or nothing.

    Refused when any setting is another than it was for the plan. A second time there is nothing to
    do.
    """
    done = await applying.apply(caller, app.sessions, app.outfit, asked.wanted, asked.plan)
    return ConfigurationPlanOut.of(done)
