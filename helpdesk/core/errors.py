"""Refusals: what a person asked cannot be done, and the sentence that tells them."""


class DomainError(Exception):
    """A refusal with the sentence that a person will read."""

    message = "That cannot be done."
    # Where the reader can go on: an address and the words of its link; None for the start page alone.
    way_on: tuple[str, str] | None = None

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message)


class NotFound(DomainError):
    """There is no such thing, or it is not yours: nobody learns which."""

    message = "We cannot find that page."


class NotAllowed(DomainError):
    """You can see the thing, but your role may not do this."""

    message = "You do not have permission to do that."


class RuleRefused(DomainError):
    """A rule says no to something that otherwise could be done."""


class ChangedMeanwhile(RuleRefused):
    """Somebody else changed the thing after you opened it."""

    message = "Somebody changed this while you were looking at it. Check what is new, then try again."


class TooMany(DomainError):
    """A limit is reached; waiting helps."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class Unavailable(DomainError):
    """It would be right, but the service cannot do it now."""


class NotSignedIn(DomainError):
    """Only people with an account may do this, and nobody is signed in."""

    message = "Log in first."
