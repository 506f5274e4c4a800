"""The dependencies of the simulator's routes."""

from typing import Annotated

from fastapi import Depends, Path, Request

from simulator.carrier import Carrier

PHONE = r"^\+[1-9][0-9]{6,14}$"
LINE = r"^(\+[1-9][0-9]{6,14}|[0-9]{3,8})$"


def get_carrier(request: Request) -> Carrier:
    carrier: Carrier = request.app.state.carrier
    return carrier


CarrierDep = Annotated[Carrier, Depends(get_carrier)]
PhoneNumber = Annotated[str, Path(pattern=PHONE, description="The phone's number, E.164.")]
LineNumber = Annotated[str, Path(pattern=LINE, description="E.164, or a short code.")]
