"""Providers a connector can be of, and the fields each one needs."""

from fastapi import APIRouter

from api.app_state import AppStateDep
from api.caller import AdminDep
from api.problems import documented
from api.schemas.brand import CapabilitiesOut, FormFieldOut, ProviderOut
from api.scopes import needs
from domain.errors import NotAllowed
from domain.people.token_scopes import Area
from providers.contract import Description
from providers.credentials import form_of
from services.providers import known_providers

router = APIRouter(
    prefix="/providers",
    tags=["connectors"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.connectors)],
)


@router.get("")
async def list_providers(caller: AdminDep, app: AppStateDep) -> list[ProviderOut]:
    """List the providers, with the fields of a connector's secret and what each can do."""
    return [_shown(one) for one in known_providers(caller, app.providers)]


def _shown(description: Description) -> ProviderOut:
    return ProviderOut(
        name=description.name,
        label=description.label,
        fields=[FormFieldOut.model_validate(one) for one in form_of(description.credentials)],
        capabilities=CapabilitiesOut.model_validate(description.capabilities),
    )
