"""Alerts: what managers should know of while it lasts."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import ManagerDep
from api.schemas.board import AlertOut
from api.schemas.shared import Cursor, Limit, Page, after_number, page_of
from api.scopes import needs
from domain.people.token_scopes import Area
from services.supervising import alerts

router = APIRouter(prefix="/alerts", tags=["board"], dependencies=[needs(Area.board)])


@router.get("")
async def list_alerts(
    caller: ManagerDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[AlertOut]:
    """List the alerts, the latest first, also those that are over.

    The account's settings say what managers are alerted to. The events `alert_began` and
    `alert_ended` tell of each.
    """
    shown = await alerts.listed(caller, session, before=after_number(cursor), limit=limit + 1)
    return page_of(
        shown.alerts,
        limit,
        lambda row: AlertOut.of(row, shown.names),
        lambda row: [str(row.id)],
    )
