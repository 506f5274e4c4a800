"""How the account stands with its provider: active or not, on trial, registered or not."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from simulator.dependencies import CarrierDep

router = APIRouter(prefix="/standing", tags=["faults"])


class StandingChange(BaseModel):
    """In the provider's words, such as suspended, Trial, FAILED, REJECTED. Unset: unchanged."""

    model_config = ConfigDict(extra="forbid")

    status: str | None = None
    type: str | None = None
    campaign: str | None = None
    toll_free: str | None = None
    leaves_to_numbers: bool | None = None


@router.patch("", status_code=204)
async def change_standing(change: StandingChange, carrier: CarrierDep) -> None:
    """Change how the account stands."""
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(carrier.standing, name, value)
