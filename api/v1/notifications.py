"""Notifications: one automated text to one consumer."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import CallerDep
from api.idempotent import KeyDep, OnceDep
from api.problems import documented
from api.schemas.notifications import NotificationOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import (
    Conflict,
    ConsentMissing,
    ConsumerBlocked,
    ConsumerOptedOut,
    Invalid,
    MessageEmpty,
    MessageTooLong,
    NotAllowed,
    NotFound,
    NumberInvalid,
    NumberIsLandline,
)
from domain.people.token_scopes import Area
from services.notifying import notifications
from services.notifying.inputs import NewNotification

router = APIRouter(
    prefix="/notifications", tags=["notifications"], dependencies=[needs(Area.notifications)]
)


@router.post(
    "",
    status_code=201,
    responses=documented(
        NotAllowed,
        NotFound,
        Conflict,
        ConsumerOptedOut,
        ConsumerBlocked,
        ConsentMissing,
        NumberInvalid,
        NumberIsLandline,
        Invalid,
        MessageEmpty,
        MessageTooLong,
    ),
)
async def send_notification(
    new: NewNotification,
    caller: CallerDep,
    app: AppStateDep,
    session: SessionDep,
    once: OnceDep,
    key: KeyDep,
) -> NotificationOut:
    """Send one automated text. It opens no conversation until the consumer replies.

    A reply within the look-back opens one that shows the text and goes to its skill. The text is
    stored when this answers, and leaves when its line has room and quiet hours at the consumer's
    place allow it; opt-outs are asked about again then. The first text to a new consumer is
    completed or refused, as the account's settings say.
    """

    async def make() -> NotificationOut:
        sent = await notifications.notify(caller, session, app.sessions, key, new)
        return NotificationOut.model_validate(sent)

    return await once.create(session, NotificationOut, make)


@router.get("/{notification_id}", responses=documented(NotFound))
async def show_notification(
    notification_id: UuidPath, caller: CallerDep, session: SessionDep
) -> NotificationOut:
    """Show a notification, also one of a batch: its delivery, and the reply if there is one."""
    found = await notifications.show(caller, session, notification_id)
    return NotificationOut.model_validate(found)
