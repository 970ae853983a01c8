"""What an account must do after logging in before anything else opens: a page each, by the page's name."""

from shebao.identity import passwords, terms
from shebao.identity.models import Account

CHANGE_PASSWORD = "change-password"
ACCEPT_TERMS = "accept-terms"


def next_of(account: Account) -> str:
    """The page that comes first, or empty."""
    if passwords.is_due(account):
        return CHANGE_PASSWORD
    return ACCEPT_TERMS if terms.is_due(account) else ""
