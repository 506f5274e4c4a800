"""The account's identity provider, by which its people log in."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from domain.errors import Invalid
from domain.people.roles import Role
from services.configuring import identity_providers
from services.configuring.identity_providers import NewProvider
from web.forms import FormFields, FormFieldsDep
from web.frame import AdminsFrame
from web.route import PageRoute, redirect

PATH = "/admin/sign-on"

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_sign_on(frame: AdminsFrame, app: AppStateDep, saved: bool = False) -> HTMLResponse:
    """Show the provider, with a form."""
    row = await identity_providers.find(frame.caller, frame.session)
    return frame.answer(
        "admin/sign_on.html",
        row=row,
        roles_written="\n".join(
            f"{value} = {role}" for value, role in (row.roles if row else {}).items()
        ),
        back=app.sign_on.redirect_uri,
        link=f"{app.public_url}/log-in/sso/{frame.account_id}",
        saved=saved,
    )


@router.post("")
async def change(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Set the provider."""
    new = NewProvider(
        issuer=form.text("issuer"),
        client_id=form.text("client_id"),
        secret=form.maybe("secret"),
        role_claim=form.text("role_claim"),
        roles=_roles(form),
        adds_people=form.is_checked("adds_people"),
        proves_addresses=form.is_checked("proves_addresses"),
    )
    has_own_networks = bool(app.settings.posts.own_networks)
    await identity_providers.put(
        frame.caller, frame.session, app.secret_box, new, has_own_networks=has_own_networks
    )
    return redirect(request, f"{PATH}?saved=true")


@router.post("/remove")
async def remove(request: Request, frame: AdminsFrame) -> Response:
    """Remove the provider."""
    await identity_providers.remove(frame.caller, frame.session)
    return redirect(request, f"{PATH}?saved=true")


def _roles(form: FormFields) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for line in filter(None, map(str.strip, form.text("roles").splitlines())):
        value, sign, role = (part.strip() for part in line.rpartition("="))
        if not sign or not value or role not in tuple(Role):
            raise Invalid('Write one "value = role" a line; roles are agent, manager and admin.')
        found[value] = Role(role)
    return found
