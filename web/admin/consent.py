"""Consent: the account's own keywords, quiet hours by place, and the evidence of every change."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile

from api.app_state import AppStateDep
from api.consent_files import LedgerFormat, streamed
from api.schemas.keywords import BuiltInKeyword, KeywordsOut, NewKeywords
from domain.consent.keywords import OPTIONAL
from domain.consent.quiet_hour_rules import RULES, Basis
from domain.errors import Invalid
from domain.languages import name_of
from domain.people.roles import Role
from services import consent_ledger
from services.configuring import keywords
from web.forms import FormFieldsDep, parse
from web.frame import AdminsFrame
from web.overtaken import overtaken, version_of
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/consent"
KEYWORDS = Words({"stop": "Opt out", "start": "Opt in again", "help": "Ask for help"})
BASIS = Words(
    {
        Basis.law: "Law",
        Basis.regulator: "Regulator",
        Basis.carriers: "Carriers",
        Basis.ours: "Our choice",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_consent(frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show keywords to edit, quiet hours, and where the evidence is."""
    own = KeywordsOut.of(await keywords.show(frame.caller, frame.session))
    return frame.answer(
        "admin/consent.html",
        keywords=own,
        seen_keywords=version_of(own),
        optional=_optional(own),
        quiet_hours=RULES,
        basis_words=BASIS,
        saved=saved,
    )


@router.post("/keywords")
async def set_keywords(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> Response:
    """Replace the account's own keywords, one per line, and which built-in ones count."""

    async def present() -> str:
        return version_of(KeywordsOut.of(await keywords.show(frame.caller, frame.session)))

    if told := await overtaken(request, frame, form, present):
        return told
    counting = set(form.every("on"))
    values: dict[str, object] = {
        name: [line.strip() for line in form.text(name).split("\n") if line.strip()]
        for name in KEYWORDS
    }
    values["off"] = sorted(OPTIONAL - counting)
    wanted = parse(NewKeywords, values, KEYWORDS)
    await keywords.replace(frame.caller, frame.session, wanted.words)
    return redirect(request, f"{PATH}?saved=true")


@router.get("/evidence.{format}")
async def export_consent(format: LedgerFormat, user: PageUserDep, app: AppStateDep) -> Response:
    """Download every change of consent."""
    return streamed(await consent_ledger.export(user.caller, app.sessions), format)


@router.post("/evidence")
async def import_consent(
    request: Request, user: PageUserDep, app: AppStateDep, pages: PagesDep
) -> HTMLResponse:
    """Import changes of consent from a CSV file, and show what became of its lines."""
    user.caller.require(Role.admin)
    async with request.form(max_files=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Invalid("Choose a file.")
        imported = await consent_ledger.import_csv(user.caller, app.sessions, file.file)
    return pages.answer("admin/consent_imported.html", imported=imported)


def _optional(own: KeywordsOut) -> dict[str, list[BuiltInKeyword]]:
    """Return the built-in words that can be switched off, by language."""
    found: dict[str, list[BuiltInKeyword]] = {}
    for word in own.built_in:
        if word.language:
            found.setdefault(name_of(word.language), []).append(word)
    return found
