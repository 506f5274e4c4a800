"""Phone calls in tests: a menu, and what a provider posts of a call to it."""

from collections.abc import Mapping
from uuid import uuid4

from defusedxml.ElementTree import fromstring

from database.engine import Sessions
from database.tables import Menu, MenuNumber, MenuVersion
from domain.calls.menu import Design
from ingress.calls import Calls
from providers.voice import Stage
from tests.fixtures.brand import ACCOUNT_SID, Brand
from tests.ingress.carrier import PUBLIC, IngressScenario, request
from tracing.trace import Trace

HOTLINE = "+15550100009"
MOBILE = "+15550123"
LANDLINE = "+4930123456"


def create_calls(ingress: IngressScenario) -> Calls:
    webhooks = ingress.webhooks
    return Calls(webhooks.sessions, webhooks.authenticator, Trace(webhooks.sessions), PUBLIC)


async def make_menu(sessions: Sessions, brand: Brand, **design: object) -> str:
    """Write a menu for the hotline; returns its id."""
    menu_id = f"{brand.account_id}-menu"
    wanted = Design.model_validate({"line": brand.line_id} | design)
    whose = {"account_id": brand.account_id}
    async with sessions.begin() as session:
        session.add(Menu(id=menu_id, name="Hotline", version=1, **whose))
        await session.flush()
        session.add(MenuVersion(menu_id=menu_id, version=1, design=wanted.model_dump(mode="json")))
        session.add(MenuNumber(number=HOTLINE, menu_id=menu_id, **whose))
    return menu_id


class PhoneCallOf:
    """One call to the hotline, as the provider posts it."""

    def __init__(self, calls: Calls, line_id: str, caller: str = MOBILE) -> None:
        self.calls, self.line_id, self.caller = calls, line_id, caller
        self.sid = f"CA{uuid4().hex}"

    async def post(
        self, stage: Stage, position: Mapping[str, str] | None = None, **fields: str
    ) -> str:
        """Return the instructions that a webhook is answered with."""
        form = {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT_SID,
            "From": self.caller,
            "To": HOTLINE,
            "CallStatus": "in-progress",
            "Direction": "inbound",
        }
        asked = request(self.line_id, list((form | fields).items()), position, stage.value)
        return (await self.calls.take("twilio", stage, self.line_id, asked)).body

    async def begin(self) -> str:
        return await self.post(Stage.begin)

    async def press(self, digits: str, position: Mapping[str, str] | None = None) -> str:
        return await self.post(Stage.choice, position, Digits=digits)

    async def end(self, status: str) -> str:
        return await self.post(Stage.ended, CallStatus=status)


def verbs(twiml: str) -> list[str]:
    """Return the verbs of instructions, in order."""
    return [element.tag for element in fromstring(twiml)]


def words(twiml: str) -> str:
    """Return all that is said."""
    return " ".join(element.text or "" for element in fromstring(twiml).iter("Say"))
