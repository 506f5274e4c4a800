"""A brand's configuration as one file."""

import asyncio
from dataclasses import replace

import pytest

from database.auditing.tables import AUDITED
from database.engine import Sessions
from database.queries import line_health
from database.queries.accounts import NewAccount
from domain.errors import Invalid, NotAllowed
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from providers.twilio.description import DESCRIPTION
from security.endpoint_secrets import SigningSecrets
from security.passwords import Passwords
from security.secrets import Keyring, SecretBox
from services.brand_file import applying, names, running
from services.brand_file.applying import ConfigurationChanged, ConfigurationUnfit, Plan, Wanted
from services.brand_file.comparing import Verb
from services.brand_file.kind import On, Outfit
from services.brand_file.kinds.catalogue import KINDS, LEFT_OUT
from services.brand_file.reading import Document
from services.brand_file.running import Outcome
from services.brand_file.tree import Unreadable, decoded
from services.caller import Caller
from services.configuring import account, accounts, lines
from services.configuring.account import AccountChange
from services.configuring.agents import NewAgent
from services.configuring.connectors import KnownProviders
from services.configuring.endpoints import Signing
from services.errors import ScopeMissing
from services.installation import Installation
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.services.brand_files import FULL, SECRETS
from tests.services.callers import caller

KEYS = Keyring.parse(ENCRYPTION_KEYS)
OUTFIT = Outfit(
    KnownProviders({"twilio": DESCRIPTION}, SecretBox(KEYS), may_be_elsewhere=True),
    Signing(SigningSecrets(KEYS), has_own_networks=False),
    "https://switchboard.example",
)


async def new_brand(sessions: Sessions, name: str) -> Caller:
    first = NewAgent("Ada", "ada@brand.test", "a very long password", Role.admin)
    async with sessions.begin() as session:
        made = await accounts.set_up(
            Installation(), session, Passwords.create(), NewAccount(name, name), first
        )
    return Installation().caller(made.id)


@pytest.fixture
async def acme(session_factory: Sessions) -> Caller:
    return await new_brand(session_factory, "Acme")


async def planned(who: Caller, sessions: Sessions, text: str, *, retire: bool = False) -> Plan:
    return await applying.plan(who, sessions, OUTFIT, Wanted(text, retire, SECRETS))


async def applied(who: Caller, sessions: Sessions, text: str, *, retire: bool = False) -> Plan:
    plan = await planned(who, sessions, text, retire=retire)
    assert not plan.mistakes, [*map(str, plan.mistakes)]
    wanted = Wanted(text, retire, SECRETS)
    return await applying.apply(who, sessions, OUTFIT, wanted, plan.digest)


async def exported(who: Caller, sessions: Sessions, *, whole: bool = False) -> str:
    return await applying.export(who, sessions, OUTFIT, is_whole=whole)


async def test_an_export_applied_to_an_empty_brand_gives_the_same_export(
    session_factory: Sessions, acme: Caller
) -> None:
    assert {kind.section for kind in KINDS} <= {line.partition(":")[0] for line in FULL.split("\n")}
    await applied(acme, session_factory, FULL)
    again = await planned(acme, session_factory, FULL, retire=True)
    assert (again.steps, again.missing) == ([], []), [*map(str, again.steps)]
    for whole in (False, True):
        file = await exported(acme, session_factory, whole=whole)
        other = await new_brand(session_factory, f"Other {whole}")
        await applied(other, session_factory, file)
        assert await exported(other, session_factory, whole=whole) == file
        assert not (await planned(acme, session_factory, file, retire=True)).has_work
    assert "secret of theirs" not in file


async def test_every_table_of_settings_is_in_the_file_or_left_out_for_a_reason() -> None:
    inside = {table for kind in KINDS for table in kind.tables}
    assert inside.isdisjoint(LEFT_OUT)
    assert inside | LEFT_OUT.keys() == AUDITED.keys(), (
        "add a table of settings to a kind of services/brand_file/kinds, or to LEFT_OUT there"
    )


BAD = {
    "version: 2\nlabels: []": "Line 1: This file is of version 2, and this Switchboard reads",
    "labels: []": "The file does not say its version. Write version: 1 at its top.",
    "": "The file has no sections.",
    "version: 1\nlabel: []": "Line 2: There is no section label. Did you mean labels?",
    "version: 1\nlabels:\n- name: A\n  color: red": (
        "Line 4: color is no setting of labels. Did you mean colour?"
    ),
    "version: 1\nlabels:\n- colour: red": "Line 3: name: This is missing; every label needs it.",
    "version: 1\nlabels:\n- {name: A, colour: pinkish}": (
        "Line 3: colour: pinkish is not known here. Did you mean pink?"
    ),
    "version: 1\nlabels: yes": "Line 2: A list is expected in labels",
    "version: 1\nlabels:\n- {name: A, colour: red}\n- {name: A, colour: red}": (
        "Line 4: There are two of labels called A, first in line 3."
    ),
    "version: 1\nlabels: []\nlabels: []": "Line 3: labels is written twice, first in line 2.",
    "version: 1\naccount: {name: A, brand: A, auto_close: 1500}": (
        "Line 2: auto_close: Write a time with its unit, such as 25 min, 2 h or 90 days"
    ),
    "version: 1\naccount: {name: A, brand: A, auto_close: 1 min}": (
        "Line 2: auto_close: Write a value from 25 min to 90 days."
    ),
    "version: 1\naccount: {name: A, brand: A, default_skill: Suport}\nskills: [{name: Support}]": (
        "Line 2: There is no skill called Suport. Did you mean Support?"
    ),
    "version: 1\nhours: {Mon: 9-17}": "Line 2: hours: Mon is not known here. Did you mean Monday?",
    "version: 1\nhours: {Monday: 9-17}": "Line 2: hours: Write hours such as",
    "version: 1\nhours:\n  Monday: 09:00-12:00, 11:00-13:00": "Line 3: The periods Monday",
    "version: 1\nconnectors:\n- name: T\n  provider: twilio\n  credentials: {auth_token: x}": (
        "Line 5: Credentials are never read from this file"
    ),
    "version: 1\nconnectors:\n- name: T\n  provider: nobody": "Line 3: Unknown provider.",
    "version: 1\na: &a [x]\nb: *a": "Line 2: References with & and * are not read.",
    "version: 1\na: !!python/object/apply:os.system [id]": "Line 2: Tags with ! are not read.",
    "version: 1\na: " + "[" * 5000: "Line 2: This is nested too deeply.",
    "version: 1\na: [": "This is not YAML",
    "version: 1\nb: \x07": "Line 2: Here is a character that cannot be read.",
    "version: 1\n---\nversion: 1": "The file holds more than one document.",
    "version: 1\n? [a]\n: b": "Line 2: A list cannot be the name of something.",
    'version: 1\nlabels:\n- {name: "a\\0b", colour: red}': "Line 3: Here is a character",
    "version: 1\nskills:\n- name: A\n  priorty: 1": (
        "Line 4: priorty is no setting of skills. Did you mean priority?"
    ),
    "version: 1\nskills:\n- name: A\n  priority: often": "Line 4: priority: Write a time with",
    "version: 1\nskills:\n- name: A\n  priority: 999999999 weeks": "Line 4: priority: Write a",
    "version: 1\nclosing_reasons:\n- {name: A, skills: [Nobody]}": "There is no skill called Nobod",
    "version: 1\nlines:\n- {number: +12025550111, name: A, connector: X, entry_skill: A}\n": (
        "Line 3: There is no connector called X. Line 3: There is no skill called A."
    ),
    "version: 1\nlabels:\n- {name: A, colour: reed}\n- {nam: B}\nskils: []": (
        "Line 3: colour: reed is not known here. Did you mean red? "
        "Line 4: nam is no setting of labels. Did you mean name? "
        "Line 4: name: This is missing; every label needs it. "
    ),
    "version: 1\nmenus:\n- {name: A, line: B, look_back: 1 min}": (
        "look_back: Write a value from 1 h to 30 days."
    ),
    f"version: 1\naway_reasons: [{'x' * 10_000}]": "reasons: Write one line of 1 to 60 characters.",
    "version: 1\nsurveys:\n- {scale: [1, 2]}": "scale: Write the name of a scale (one_to_five,",
    "[" * 100 + "]" * 100: "nested too deeply",
    "{a: " * 100 + "}" * 100: "nested too deeply",
    "- " * 5000: "nested too deeply",
    "version: 1\nhours: 2026-99-99\n": "Line 2: hours: Weekdays are expected here",
    "version: 1\nhours: .nan\n": "Line 2: hours: Weekdays are expected here",
    "version: 1\nskills:\n- {name: A, idle_weight: .nan}": "idle_weight: Write a number.",
    f"version: 1\naccount: {{default_capacity: {'1' * 5000}}}": "Write a whole number.",
    "version: 1\nhours: !!set {x}\n": "Line 2: Tags with ! are not read.",
    'version: 1\naway_reasons: ["\\uD800"]\n': "Line 2: ",
    "version: 1\naway_reasons: [" + "a," * 100_000 + "]": "more than 100000 parts",
    "- 1\n": "It begins with a line such as version: 1.",
    "version: 1\n" + "#" * 2_000_000: "The file is larger than 2 MB.",
}


async def test_a_bad_file_is_refused_with_the_line_and_changes_nothing(
    session_factory: Sessions, acme: Caller
) -> None:
    before = await exported(acme, session_factory)
    for text, sentence in BAD.items():
        plan = await planned(acme, session_factory, text)
        told = " ".join(map(str, plan.mistakes))
        assert sentence in told, text[:80]
        assert not plan.has_work
        with pytest.raises((Invalid, ConfigurationChanged)):
            await applying.apply(acme, session_factory, OUTFIT, Wanted(text), plan.digest)
    assert await exported(acme, session_factory) == before
    with pytest.raises(Unreadable, match=r"Line 2: This is not UTF-8"):
        decoded("version: 1\n# Grüße".encode("latin-1"))


async def test_one_mistake_among_much_that_is_good_changes_nothing(
    session_factory: Sessions, acme: Caller
) -> None:
    text = FULL.replace("colour: red", "colour: red}\n  - {name: '', colour: red")
    plan = await planned(acme, session_factory, text)
    assert [one.line for one in plan.mistakes] == [text.count("\n", 0, text.index("''")) + 1]
    with pytest.raises(ConfigurationUnfit, match=r"Nothing was changed"):
        await applying.apply(acme, session_factory, OUTFIT, Wanted(text, False, SECRETS), "x")
    assert "Refund" not in await exported(acme, session_factory)


async def test_a_new_name_is_no_new_thing_and_what_is_missing_stays_unless_asked(
    session_factory: Sessions, acme: Caller
) -> None:
    await applied(acme, session_factory, FULL)
    renamed = FULL.replace("Sales", "Shop floor").replace(
        "name: Shop floor", "name: Shop floor\n    was: Sales"
    )
    plan = await applied(acme, session_factory, renamed)
    assert [*map(str, plan.steps)] == ["rename skill Shop floor: name: Sales -> Shop floor"]
    assert not (await planned(acme, session_factory, renamed)).has_work, "was: may stay"
    fewer = renamed.replace("  - {name: Refund, colour: red}\n", "").replace(
        "      - {kind: label, label: Refund}\n", ""
    )
    plan = await planned(acme, session_factory, fewer)
    assert list(plan.missing) == ["label Refund"]
    assert not any(step.verb is Verb.retire for step in plan.steps)
    plan = await applied(acme, session_factory, fewer, retire=True)
    assert "retire label Refund" in [*map(str, plan.steps)]
    without = fewer[: fewer.index("labels:")] + fewer[fewer.index("closing_reasons:") :]
    assert not (await planned(acme, session_factory, without, retire=True)).missing
    unused = renamed.replace("was: Sales", "was: Nothing").replace("Shop floor", "Depot")
    plan = await planned(acme, session_factory, unused)
    assert "add skill Depot" in " ".join(map(str, plan.steps)), "then it is something new"


async def test_a_line_is_told_by_its_number_which_belongs_to_one_connector(
    session_factory: Sessions, acme: Caller
) -> None:
    await applied(acme, session_factory, FULL)
    named = FULL.replace("Shop\n    connector", "Store\n    connector").replace(
        "line: Shop", "line: Store"
    )
    plan = await planned(acme, session_factory, named)
    assert [*map(str, plan.steps)] == ["rename line Store: name: Shop -> Store"]
    other = FULL.replace("connector: Twilio", "connector: Twilio 2").replace(
        "lines:", "  - {name: Twilio 2, provider: twilio}\nlines:"
    )
    plan = await planned(acme, session_factory, other)
    assert "connector of the line Shop never changes" in str(plan.mistakes[0])
    assert [one.connector for one in plan.to_give] == ["Twilio 2"]


async def test_a_new_connector_needs_credentials_that_are_not_in_the_file(
    session_factory: Sessions, acme: Caller
) -> None:
    plan = await applying.plan(acme, session_factory, OUTFIT, Wanted(FULL))
    assert not plan.mistakes
    assert [one.connector for one in plan.to_give] == ["Twilio"]
    with pytest.raises(ConfigurationUnfit, match="credentials of the connector Twilio"):
        await applying.apply(acme, session_factory, OUTFIT, Wanted(FULL), plan.digest)


async def test_what_was_changed_after_the_plan_is_not_overwritten(
    session_factory: Sessions, acme: Caller
) -> None:
    plan = await planned(acme, session_factory, FULL)
    async with session_factory.begin() as session:
        await account.change(acme, session, AccountChange(brand="Acme Boots"))
    wanted = Wanted(FULL, False, SECRETS)
    with pytest.raises(ConfigurationChanged):
        await applying.apply(acme, session_factory, OUTFIT, wanted, plan.digest)
    again = await planned(acme, session_factory, FULL)
    done = await asyncio.gather(
        *(applying.apply(acme, session_factory, OUTFIT, wanted, again.digest) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["ConfigurationChanged", "Plan"]
    assert not (await planned(acme, session_factory, FULL)).has_work


async def test_a_form_that_is_saved_while_a_file_is_applied_keeps_what_it_saved(
    session_factory: Sessions, acme: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = await planned(acme, session_factory, FULL)

    async def slowly(on: On, document: Document, *, retire_missing: bool) -> Outcome:
        await names.load(on.session, acme.account_id)
        if (await account.show(acme, on.session)).brand == "Acme":
            async with session_factory.begin() as session:
                await account.change(acme, session, AccountChange(brand="Acme Boots"))
        return await running.run(on, document, retire_missing=retire_missing)

    monkeypatch.setattr("services.brand_file.applying.run", slowly)
    with pytest.raises(ConfigurationChanged):
        await applying.apply(
            acme, session_factory, OUTFIT, Wanted(FULL, False, SECRETS), plan.digest
        )
    file = await exported(acme, session_factory)
    assert "brand: Acme Boots" in file
    assert "Refund" not in file


async def test_only_admins_and_tokens_for_settings_use_files(
    session_factory: Sessions, acme: Caller
) -> None:
    manager = caller(acme.account_id, Role.manager)
    reader = replace(acme, scopes=frozenset({TokenScope.settings_read}))
    for who in (manager, reader):
        with pytest.raises((NotAllowed, ScopeMissing)):
            await planned(who, session_factory, FULL)
        with pytest.raises((NotAllowed, ScopeMissing)):
            await applying.apply(who, session_factory, OUTFIT, Wanted(FULL), "")
    with pytest.raises(NotAllowed):
        await exported(manager, session_factory)


async def test_another_brands_things_are_not_found_by_name(
    session_factory: Sessions, acme: Caller
) -> None:
    await applied(acme, session_factory, FULL)
    other = await new_brand(session_factory, "Other")
    text = "version: 1\naccount: {name: Other, brand: Other, default_skill: Support}"
    plan = await planned(other, session_factory, text)
    assert "There is no skill called Support." in str(plan.mistakes[0])


async def test_what_others_still_name_or_a_provider_still_posts_to_is_not_retired(
    session_factory: Sessions, acme: Caller
) -> None:
    await applied(acme, session_factory, FULL)
    alone = "version: 1\nskills:\n- name: Support\n"
    plan = await planned(acme, session_factory, alone, retire=True)
    assert [*map(str, plan.mistakes)] == [
        "Sales is the skill of a line's keyword. Give the keyword another one first."
    ]
    async with session_factory.begin() as session:
        line = (await lines.listed(acme, session))[0].line
        await line_health.keep_replaced(session, line.id, {})
    none = "version: 1\nlines: []\nmenus: []\n"
    plan = await planned(acme, session_factory, none, retire=True)
    assert "Retire it on its page, where that is taken back." in " ".join(map(str, plan.mistakes))
    with pytest.raises(ConfigurationUnfit):
        await applying.apply(acme, session_factory, OUTFIT, Wanted(none, True), plan.digest)
