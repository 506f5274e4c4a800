"""A brand that sets itself up."""

from api.schemas.account import TimeZone
from api.schemas.people import Email, NewPassword
from api.schemas.shared import Name, Request


class NewBrand(Request):
    """A brand, and its first admin."""

    brand: Name
    name: Name
    email: Email
    password: NewPassword
    time_zone: TimeZone
