"""What Twilio says of an account and of a sender's registration, in words for an admin."""

from domain.numbers.kinds import LineKind
from providers.contract import SendError
from providers.failures import NOT_LET_IN
from providers.health import Finding, HealthCheck
from providers.numbers import Sender
from providers.twilio.description import (
    ACCOUNT_ACTIVE,
    CREDENTIALS_TAKEN,
    DESCRIPTION,
    NOT_ON_TRIAL,
    TOKEN_RIGHT,
)
from providers.twilio.senders.rest import AccountResource, SendersApi

REGISTERED = HealthCheck("registered", "The sender is registered with the networks")
OPT_OUT = HealthCheck("opt_out", "Twilio answers STOP, START and HELP by itself")

NO_ANSWER = "Twilio did not answer as it should. Try again in a minute."
WRONG = {
    "20003": (
        "Twilio refused the account SID or the secret. Copy both again from the first page of "
        "Twilio's console; if the auth token was changed there, the old one no longer works."
    ),
    "20404": (
        "Twilio has no account with this SID. Copy it again from the first page of Twilio's "
        "console."
    ),
    "20008": "These are Twilio's test credentials, which send nothing. Enter the live ones.",
}
REFUSED = "Twilio refused the account SID or the secret. Enter them again."
UNSIGNED = (
    "Twilio takes the API key, but not the auth token, and the token signs every webhook: texts of "
    "consumers would be refused. Copy the auth token again from the first page of Twilio's "
    "console."
)
SUSPENDED = (
    "Twilio has suspended this account: nothing is sent or received. Twilio's console says why; "
    "often a payment is due."
)
CLOSED = "This account is closed at Twilio. Enter another one."
TRIAL = (
    "This account is on trial: it texts only numbers that are verified in Twilio's console, and "
    "Twilio puts a line before every text. Upgrade it before consumers text you."
)
NOT_ACTIVE = (
    "Twilio says that this account is not active: it is suspended or closed, and nothing is sent "
    "or received. Twilio's console says which; often a payment is due."
)
NOT_KNOWN = "Twilio did not say."
NOT_READ = "The API key may not read the account, so this is not known. Twilio's console shows it."
INACTIVE = ("20005", "20006", "30002", "90010")

NOT_REGISTERED = (
    "No 10DLC campaign of this service is approved, so US networks refuse its texts. Register the "
    "brand and a campaign in Twilio's console, under Messaging, Regulatory Compliance."
)
CAMPAIGN_WAITS = (
    "The 10DLC campaign is still being reviewed. Texts to the US fail until it is approved."
)
NOT_VERIFIED = (
    "The toll-free number is not verified, so its texts are blocked. Verify it in Twilio's "
    "console, under Phone Numbers, Toll-Free verification."
)
VERIFICATION_WAITS = (
    "The toll-free number is being verified, which takes some days. Its texts are blocked until "
    "then."
)
ALONE = (
    "This number is in no messaging service, so it has no 10DLC campaign. US networks refuse its "
    "texts unless it is added to a registered one."
)
NO_KEYWORDS = "Twilio answers no keyword of a short code: Switchboard does."


def all_of(*found: Finding) -> tuple[Finding, ...]:
    """Return the results of all checks of an account: those that are not known, too."""
    known = {one.check: one for one in found}
    return tuple(known.get(check, _unknown(check)) for check in DESCRIPTION.checks)


def of_key() -> tuple[Finding, ...]:
    """Return what is known by an API key that lists texts, but may not read the account."""
    trial = Finding(NOT_ON_TRIAL, True, NOT_READ, stops_texts=False, is_known=False)
    return (Finding(CREDENTIALS_TAKEN, True), Finding(ACCOUNT_ACTIVE, True), trial)


def _unknown(check: HealthCheck) -> Finding:
    return Finding(check, True, NOT_KNOWN, is_known=False)


def of_account(account: AccountResource) -> tuple[Finding, ...]:
    """Return what follows from an account's status and type."""
    refused = {"suspended": SUSPENDED, "closed": CLOSED}.get(account.status.lower(), "")
    is_trial = account.type.lower() == "trial"
    return (
        Finding(CREDENTIALS_TAKEN, True),
        Finding(ACCOUNT_ACTIVE, not refused, refused),
        Finding(NOT_ON_TRIAL, not is_trial, TRIAL if is_trial else "", stops_texts=False),
    )


def of_refusal(error: SendError) -> tuple[Finding, ...]:
    """Return what follows from Twilio's refusal to say anything."""
    if error.provider_code in INACTIVE:
        told = SUSPENDED if error.provider_code == "30002" else NOT_ACTIVE
        return (Finding(CREDENTIALS_TAKEN, True), Finding(ACCOUNT_ACTIVE, False, told))
    if error.code in NOT_LET_IN:
        sentence = WRONG.get(error.provider_code or "", REFUSED)
        return (Finding(CREDENTIALS_TAKEN, False, sentence),)
    return (Finding(CREDENTIALS_TAKEN, False, NO_ANSWER),)


def of_token(*, is_taken: bool) -> Finding:
    """Return whether the auth token, which signs webhooks, is the account's."""
    return Finding(TOKEN_RIGHT, is_taken, "" if is_taken else UNSIGNED)


async def of_sender(api: SendersApi, sender: Sender) -> tuple[Finding, ...]:
    """Return what Twilio knows of a sender's registration. Raises `SendError`."""
    handled = Finding(OPT_OUT, True, NO_KEYWORDS if sender.kind is LineKind.short_code else "")
    match sender.kind:
        case LineKind.toll_free:
            return (await _toll_free(api, sender), handled)
        case LineKind.service:
            return (await _campaign(api, sender), handled)
        case LineKind.long_code if sender.address.startswith("+1") and not sender.in_the_way:
            return (Finding(REGISTERED, True, ALONE), handled)
    return (handled,)


async def _toll_free(api: SendersApi, sender: Sender) -> Finding:
    found = {one.status: one for one in await api.verifications(sender.sender_id)}
    if "TWILIO_APPROVED" in found:
        return Finding(REGISTERED, True)
    if {"PENDING_REVIEW", "IN_REVIEW"} & set(found):
        return Finding(REGISTERED, False, VERIFICATION_WAITS)
    reasons = [one.rejection_reason for one in found.values() if one.rejection_reason]
    said = f' Twilio says: "{reasons[0][:200]}".' if reasons else ""
    return Finding(REGISTERED, False, NOT_VERIFIED + said)


async def _campaign(api: SendersApi, sender: Sender) -> Finding:
    states = {one.campaign_status for one in await api.campaigns(sender.sender_id)}
    if "VERIFIED" in states:
        return Finding(REGISTERED, True)
    if {"PENDING", "IN_PROGRESS"} & states:
        return Finding(REGISTERED, False, CAMPAIGN_WAITS)
    numbers = await api.numbers_of(sender.sender_id)
    is_american = any(one.phone_number.startswith("+1") for one in numbers)
    return Finding(REGISTERED, not is_american, NOT_REGISTERED if is_american else "")
