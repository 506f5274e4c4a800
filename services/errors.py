"""What only services refuse: the rest of the tree is `domain.errors`."""

from domain.errors import DomainError


class NobodyActs(DomainError):
    code = "nobody_acts"
    status = 403
    sentence = (
        "Only people write and act on conversations. A program with a manager's or an admin's "
        "token names the agent it acts for in the header X-Agent."
    )
