"""One phone is one consumer, however its number is spelt, and no two consumers are mixed up."""

import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from domain.errors import NumberInvalid
from domain.numbers.numbering_plans import RESPELLINGS, is_written_so, renewed, spellings
from domain.numbers.phone_numbers import (
    LONGEST_ADDRESS,
    Address,
    address_of,
    check_has_country,
    e164,
    is_program,
    is_toll_free,
    key_of,
    phone_of,
)
from tests.examples import many

ONE_PHONE = [
    ["+525512345678", "+5215512345678", "+52 1 55 1234 5678", "+52 044 55 1234 5678"],
    ["+525512345678", "+52 045 55 1234 5678", "+52 01 55 1234 5678", "+52 (1) 55-1234-5678"],
    ["+5491187654321", "+541187654321", "+54 9 11 8765-4321", "+54 11 15 8765-4321"],
    ["+5493514567890", "+543514567890", "+54 351 15 456-7890"],
    ["+5521987654321", "+552187654321", "+55 (21) 8765-4321", "+55 021 98765-4321"],
    ["+5511961234567", "+551161234567"],
    ["+2250707123456", "+22507123456"],
    ["+2250505123456", "+22505123456"],
    ["+2250140123456", "+22540123456"],
    ["+2290197123456", "+22997123456", "+229 01 97 12 34 56"],
    ["+24177123456", "+2417123456", "+24107123456", "+241 07 12 34 56"],
    ["+237677123456", "+23777123456"],
    ["+84381234567", "+841681234567", "+84 0168 123 4567"],
    ["+84701234567", "+841201234567"],
    ["+970599123456", "+972599123456", "+972 059-912-3456"],
    ["+262692123456", "+33692123456", "+33 6 92 12 34 56", "+33 (0)6 92 12 34 56"],
    ["+590690123456", "+33690123456"],
    ["+447700900123", "+44 (0)7700 900123", "+44 07700 900123"],
    ["+491711234932", "+49 0171 1234932", "+49 (0)171 / 1234932"],
    ["+390612345325", "+39 06 1234 5325"],
    ["+48512345678", "+48 (0)512 345 678", "+48 0512 345 678"],
    ["+306912345678", "+30 (0)691 234 5678"],
    ["+420601123456", "+420 0601 123 456"],
    ["+56981234567", "+56 09 8123 4567"],
    ["+573211234567", "+57 (0)321 123 4567"],
    ["+393331234567", "+39 (0)333 123 4567", "+39 0333 1234567"],
    ["+85251234567", "+852 (0)5123 4567"],
    ["+9613123456", "+961 03 123 456"],
    ["+36201234567", "+36 06 20 123 4567"],
    ["+79123456789", "+7 8 912 345-67-89"],
    ["+18003569377", "+1 800 FLOWERS", "+1 (800) 356-9377"],
    ["+966501234567", "+٩٦٦٥٠١٢٣٤٥٦٧", "＋９６６ ５０ １２３ ４５６７"],
    ["+15550188682", "+1\u00a0555\u2011018\u20118682", "\u202a+1 555 018 8682\u202c"],
]

TWO_PHONES = [
    ("+525512345678", "+525512345679"),
    ("+552132345678", "+5521932345678"),  # 2 to 5: a landline never got a 9
    ("+541187654321", "+5491187654322"),
    ("+390331234567", "+39331234567"),  # Italy's zero belongs to the number
    ("+33612345678", "+262612345678"),
    ("+972541234567", "+970541234567"),  # an Israeli mobile
    ("+2292112345678", "+2290112345678"),
    ("68849", "+68849"),
    ("15550188682", "+15550188682"),
    ("SUPPORT", "SUPPORT 1"),
]

EXTENSIONS = [
    "+1 555 018 8232 ext. 12",
    "+1 555 018 8232 ext 12",
    "+1 555 018 8232 extension 12",
    "+1-555-018-8682 x7",
    "+1-555-018-8682 x136",
    "+1-555-018-8682x136",
    "+1-555-018-8682 x",
    "+15550188578;ext=5",
    "tel:+1-555-018-8578;ext=5",
    "+15550188578;isub=12345",
    "+15550188578 #12",
    "+15550188578#12",
    "+15550188578,,5",
    "+15550188578,5",
    "+15550188578;5",
    "+15550188578~5",
    "+15550188578 p5",
    "+15550188578＃12",
    "+447700900123 ext 4",
    "+49 30 123456 p5",
    "+49 30 123456w5",
    "+49 30 1234 App 5",
    "+49 30 1234 Durchwahl 5",
    "+49 30 1234 NSt. 5",
    "+33 1 23 45 67 poste 8",
    "+39 090 12345 int 5",
    "+54 11 4321 1234 int. 5",
    "+55 11 3232 1234 ramal 5",
    "+7 495 123 45 67 доб. 5",
    "+34 91 123 45 67 anexo 5",
]

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def _pattern(region: str) -> str:
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    assert metadata.general_desc is not None
    return str(metadata.general_desc.national_number_pattern)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Return a number of any country, as its numbering plan has them."""
    region = draw(st.sampled_from(REGIONS))
    national = draw(st.from_regex(re.compile(_pattern(region), re.ASCII), fullmatch=True))
    return f"+{phonenumbers.country_code_for_region(region)}{national}"


@pytest.mark.parametrize("spelt", ONE_PHONE, ids=lambda spelt: spelt[1])
def test_one_phone_is_known_by_one_key_however_its_number_is_spelt(spelt: list[str]) -> None:
    assert {key_of(one) for one in spelt} == {spelt[0]}
    assert {phone_of(one).key for one in spelt} == {spelt[0]}


@pytest.mark.parametrize(("one", "other"), TWO_PHONES)
def test_two_phones_stay_two(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@given(numbers())
@settings(max_examples=many(100))
def test_a_number_of_any_country_is_one_of_its_phones_spellings(number: str) -> None:
    address = address_of(number)
    assert key_of(address.key) == address.key, "known by the key it is known by"
    assert key_of(address.written) == address.key
    if address.key.startswith("+"):
        assert renewed(address.written) in spellings(address.key)
        assert {key_of(one) for one in spellings(address.key)} == {address.key}


@pytest.mark.parametrize("region", REGIONS)
def test_an_example_of_every_countrys_numbers_is_a_phone_of_its_own(region: str) -> None:
    """No respelling touches a number that is in use today, save by design those with two."""
    kinds = [kind for kind in range(11) if kind != PhoneNumberType.FIXED_LINE_OR_MOBILE]
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    for example in filter(None, examples):
        number = phonenumbers.format_number(example, PhoneNumberFormat.E164)
        assert phone_of(number).written == number or region == "GA"
        assert key_of(number) == number or region in ("AR", "GA")  # GA: the old plan, still known


@pytest.mark.parametrize("one", RESPELLINGS, ids=str)
@given(data=st.data())
@settings(max_examples=many(10))
def test_every_respelling_leads_to_a_number_that_is_respelt_no_more(
    one: object, data: st.DataObject
) -> None:
    assert isinstance(one, type(RESPELLINGS[0]))
    head = data.draw(st.from_regex(re.compile(one.head, re.ASCII), fullmatch=True))
    rest = data.draw(st.from_regex(re.compile(one.rest, re.ASCII), fullmatch=True))
    old, new = f"+{head}{one.old}{rest}", f"+{head}{one.new}{rest}"
    assert (renewed(old), renewed(new)) == (new, new)
    assert is_written_so(new)
    assert is_written_so(old) == one.both_in_use
    assert one.old_spelling(new) == old
    assert one.is_dialled or old in spellings(new)
    assert key_of(old) == key_of(new)


@pytest.mark.parametrize("typed", EXTENSIONS)
def test_an_extension_is_refused_and_never_becomes_part_of_the_number(typed: str) -> None:
    with pytest.raises(NumberInvalid):
        phone_of(typed)
    assert key_of(typed) == address_of(typed).written.casefold().replace("＃", "#")


def test_who_types_an_extension_is_told_so() -> None:
    with pytest.raises(NumberInvalid, match="extension"):
        phone_of("+1 555 018 8232 ext. 12")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+5215512345678", "+525512345678"),  # reaches nobody today as it is typed
        ("+552187654321", "+5521987654321"),
        ("+22507123456", "+2250707123456"),
        ("+541187654321", "+541187654321"),  # reaches the phone, or a landline: as it is typed
        ("+972599123456", "+972599123456"),
        (" +1 (555) 010-0001 ", "+15550100001"),
        ("+1.555.010.0001", "+15550100001"),
        ("+44 (0)7911 123456", "+447911123456"),
        ("＋１５５５０１０００１１", "+15550100011"),
    ],
)
def test_a_typed_number_is_texted_as_it_reaches_its_phone(typed: str, number: str) -> None:
    assert e164(typed) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "15550100001",
        "5550100001",
        "0015550187968",
        "+",
        "+1",
        "+1911",
        "+1555010",
        "+0000000000",
        "+9" * 9,
        "+155501000011234567890",
        "12345",
        "+15550188682 or +15550188683",
        "order 4711: +15550188682",
        "+1 555 018 8682 #call after 5",
        "+1" * 5000,
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberInvalid):
        e164(text)


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("68849", Address("68849", "68849")),
        ("SUPPORT", Address("SUPPORT", "support")),
        ("support", Address("support", "support")),
        ("Dr. Müller", Address("Dr. Müller", "dr. müller")),
        ("+68849", Address("+68849", "+68849")),
        ("+266696687", Address("+266696687", "+266696687")),
        ("15550950004", Address("15550950004", "15550950004")),
        ("+5215512345678", Address("+5215512345678", "+525512345678")),
        ("+1 (415) 555-0100", Address("+14155550100", "+14155550100")),
        ("+15550188578;ext=5", Address("+15550188578;ext=5", "+15550188578;ext=5")),
        ("+1", Address("+1", "+1")),
    ],
)
def test_whoever_texts_has_an_address_and_a_key(sender: str, address: Address) -> None:
    assert address_of(sender) == address


@given(st.text(max_size=LONGEST_ADDRESS))
@settings(max_examples=many(200))
def test_who_could_text_can_be_looked_up(sender: str) -> None:
    try:
        address = address_of(sender)
    except NumberInvalid:
        return
    assert "\0" not in address.key + address.written
    (address.key + address.written).encode()  # as PostgreSQL takes it
    assert address_of(sender) == address
    if len(address.written) <= LONGEST_ADDRESS:
        assert key_of(address.written) == address.key


@pytest.mark.parametrize("sender", ["", " ", "\0", "\u200b", "x" * (LONGEST_ADDRESS + 1)])
def test_what_can_be_nobodys_address_is_refused(sender: str) -> None:
    with pytest.raises(NumberInvalid):
        address_of(sender)


@pytest.mark.parametrize(
    ("number", "is_free"),
    [
        *((f"+1{code}5550199", True) for code in (800, 833, 844, 855, 866, 877, 888)),
        ("+18000550199", True),
        ("+15550100001", False),
        ("+14155550100", False),
        ("+448001111", True),
        ("+498001234567", True),
        ("+80012345678", True),
        ("+447911123456", False),
        ("+46790000000", False),
    ],
)
def test_numbers_free_to_text_are_told_from_others(number: str, is_free: bool) -> None:
    assert is_toll_free(number) is is_free


@pytest.mark.parametrize(
    ("sender", "texts_by_itself"),
    [
        ("68849", True),
        ("22000", True),
        ("AMAZON", True),
        ("Dr. Müller", True),
        ("anonymous", True),
        ("３０３", True),
        ("+15550123", False),
        ("+5215512345678", False),
        ("15550950004", False),
        ("+68849", False),
        ("+1 (800) FLOWERS", False),
        ("+15550123456;ext=5", True),
        ("+15550123456#12", True),
        ("+Bank", True),
        ("+", True),
    ],
)
def test_short_codes_and_names_are_programs(sender: str, texts_by_itself: bool) -> None:
    assert is_program(sender) is texts_by_itself


@pytest.mark.parametrize(
    "typed", ["0170 1234567", "(555) 399-0001", "5553990001", "+49", "%", "🙂", " ", "012-34"]
)
def test_a_number_may_lack_its_country(typed: str) -> None:
    with pytest.raises(NumberInvalid):
        check_has_country(typed)


@pytest.mark.parametrize("typed", ["+1 (555) 399-0001", "12345", "ACME", "+15553990001 ext. 5"])
def test_phones_short_codes_and_names_lack_none(typed: str) -> None:
    check_has_country(typed)
