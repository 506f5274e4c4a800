"""The reasons for refusing a webhook."""

from domain.errors import DomainError


class NotFromProvider(DomainError):
    code = "not_from_provider"
    status = 403
    sentence = "The request does not carry a valid signature of the provider."


class NotUnderstood(DomainError):
    code = "webhook_not_understood"
    status = 400
    sentence = "The request is not one the provider would send."


class NotForThisLine(DomainError):
    code = "not_for_this_line"
    status = 400
    sentence = "The text is for another number or channel than this line's."


class LineUnknown(DomainError):
    code = "line_unknown"
    status = 404
    sentence = "There is no line in service under this address."


class NotTaken(DomainError):
    """A service of ours does not answer. The provider retries, or calls its fallback address."""

    code = "not_taken"
    status = 503
    sentence = "The request could not be stored. Send it again."


class WebhookTooLarge(DomainError):
    code = "webhook_too_large"
    status = 413
    sentence = "The request is larger than any the provider would send."
