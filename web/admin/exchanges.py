"""What the provider and we said to each other about a message."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.schemas.exchanges import ExchangeOut
from api.schemas.shared import UuidPath
from domain.delivery.exchanges import ExchangeKind
from services.looking import exchanges
from web.frame import AdminsFrame
from web.route import PageRoute
from web.words import Words

PATH = "/admin/exchanges"
WORDS = Words(
    {
        ExchangeKind.send: "We sent the text",
        ExchangeKind.search: "We looked for the text",
        ExchangeKind.ask: "We asked what became of it",
        ExchangeKind.check: "We checked the connection",
        ExchangeKind.listing: "We compared our texts with the provider's list",
        ExchangeKind.file: "We fetched a file of the text",
        ExchangeKind.text: "The provider delivered the text",
        ExchangeKind.report: "The provider reported on its delivery",
        ExchangeKind.webhook: "The provider called us",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("/{message_id}")
async def show_exchanges(message_id: UuidPath, frame: AdminsFrame) -> HTMLResponse:
    """Show what the provider and we said about a message, oldest first."""
    found = await exchanges.exchanges_of(frame.caller, frame.session, message_id)
    return frame.answer(
        "admin/exchanges.html",
        message=found.message,
        exchanges=[ExchangeOut.model_validate(one) for one in found.exchanges],
        words=WORDS,
    )
