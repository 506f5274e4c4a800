"""Browsers that get your notices while no page is open (Web Push)."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.notices import NewPushSubscription, PushKeyOut, PushSubscriptionOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.endpoints.urls import UrlRefused
from domain.errors import Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services import push_subscriptions
from services.errors import NobodyActs

router = APIRouter(prefix="/me", tags=["notices"], dependencies=[needs(Area.conversations)])


@router.get("/push-key")
async def show_push_key(caller: CallerDep, app: AppStateDep, session: SessionDep) -> PushKeyOut:
    """Show the key with which browsers subscribe: the same for everybody here, for ever."""
    key = await push_subscriptions.show_key(caller, session, app.push_keys)
    return PushKeyOut(public_key=key)


@router.get("/push-subscriptions", responses=documented(NobodyActs))
async def list_push_subscriptions(
    caller: CallerDep, session: SessionDep
) -> list[PushSubscriptionOut]:
    """List your browsers, ten at most, the newest first."""
    rows = await push_subscriptions.list_subscriptions(caller, session)
    return [PushSubscriptionOut.model_validate(row) for row in rows]


@router.put("/push-subscriptions", responses=documented(NotAllowed, UrlRefused, Invalid))
async def set_push_subscription(
    new: NewPushSubscription, caller: CallerDep, app: AppStateDep, session: SessionDep
) -> PushSubscriptionOut:
    """Have this browser told, while you are logged in there. Only browsers can call this.

    Sent again, it changes nothing but the log-in that counts. Notices are encrypted for the
    browser, and hold texts and names of consumers only if the account allows it.
    """
    row = await push_subscriptions.subscribe(
        caller, session, new.wanted, has_own_networks=app.signing.has_own_networks
    )
    return PushSubscriptionOut.model_validate(row)


@router.delete(
    "/push-subscriptions/{subscription_id}",
    status_code=204,
    responses=documented(NotFound, NobodyActs),
)
async def delete_push_subscription(
    subscription_id: UuidPath, caller: CallerDep, session: SessionDep
) -> None:
    """Have a browser told no more."""
    await push_subscriptions.unsubscribe(caller, session, subscription_id)
