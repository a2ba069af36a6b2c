"""Why somebody cannot prove who they are, and the sentence that says so."""

from helpdesk.core.errors import DomainError, RuleRefused, TooMany


class CodeRefused(DomainError):
    """A code that is not accepted; the sentence belongs beside the field."""

    message = "The code is not right. Enter the code that your authenticator app shows now"


class NoFactor(RuleRefused):
    message = "This account has no authenticator yet. Ask your administrator for a set-up link."


class SetUpEnded(RuleRefused):
    message = "The time to set up your authenticator is over. Open the link in your email again."


class RecoveryCodeRefused(DomainError):
    message = "The recovery code is not right, or was used before"


class LaneClosed(TooMany):
    """So many wrong codes came by one way that waiting opens it no more."""
