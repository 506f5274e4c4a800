"""The account itself: its defaults, its working hours, and its words of consent."""

from collections.abc import Collection

from database.tables import Account
from services.brand_file.fields import Field, fields_of
from services.brand_file.forms import Line, Many, Optional, Reference
from services.brand_file.hours_form import HoursForm
from services.brand_file.kind import On, There, Values, Whole
from services.configuring import account, hours, keywords
from services.configuring.account import AccountChange
from services.configuring.hours import NewHours
from services.configuring.keywords import NewKeywords

MEANINGS = ("stop", "start", "help", "off")


class TheAccount(Whole):
    section, one, tables = "account", "account", ("account",)
    fields = fields_of(
        AccountChange,
        Account,
        forms={"default_skill": Optional(Reference("skills"))},
        columns={"default_skill": "default_skill_id"},
        late=["default_skill"],
    )

    async def present(self, on: On) -> list[There]:
        row = await account.show(on.caller, on.session)
        skill = on.names.name_of("skills", row.default_skill_id)
        return [There(row.id, self.shown(on, row, default_skill=skill))]

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(AccountChange, on, values, keys)
        await account.change(on.caller, on.session, wanted)


class Hours(Whole):
    section, one = "hours", "working hours"
    tables = ("working_period", "special_day")
    fields = (Field("hours", "hours", HoursForm(), default={}),)
    bare = "hours"

    async def present(self, on: On) -> list[There]:
        found = await hours.show(on.caller, on.session)
        return [There("", {"hours": HoursForm().shown(found.calendar, on.names)})]

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = HoursForm().meant(values["hours"], on.names)
        if isinstance(wanted, NewHours):
            await hours.replace(on.caller, on.session, wanted)


class ConsentWords(Whole):
    section, one, tables = "consent_words", "words of consent", ()
    fields = tuple(Field(one, one, Many(Line(40), most=50), default=[]) for one in MEANINGS)

    async def present(self, on: On) -> list[There]:
        return [There("", self.shown(on, await keywords.show(on.caller, on.session)))]

    async def change(self, on: On, row_id: str, values: Values, keys: Collection[str]) -> None:
        wanted = self.change_of(NewKeywords, on, values, MEANINGS)
        await keywords.replace(on.caller, on.session, wanted)
