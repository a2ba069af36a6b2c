"""What cannot be done with people and organisations, and the sentence that says so."""

from helpdesk.core.errors import DomainError, NotAllowed, RuleRefused


class EmailRefused(DomainError):
    """An address that cannot be used; the sentence belongs beside the field."""

    message = "Enter an email address in the correct format, like name@example.com"


class EmailNotPlain(EmailRefused):
    message = (
        "Enter the email address with plain English letters only. "
        "One of its characters looks like such a letter but is another"
    )


class EmailTooLong(EmailRefused):
    message = "Email address must be 254 characters or fewer"


class SharedMailbox(EmailRefused):
    """An account belongs to one person, so nobody else may read its mail."""

    def __init__(self, reason: str, *, may_be_explained: bool) -> None:
        self.may_be_explained = may_be_explained
        super().__init__(
            f"This looks like a shared mailbox ({reason}). "
            "Each person needs their own address; a personal NHSmail is best. "
            "No NHSmail? Any address only you read will do. "
            "Locum at several sites: one account, ask us to link the sites."
        )


class EmailDoubted(EmailRefused):
    """The address is well formed, but its domain is very like one that we know."""

    def __init__(self, suggestion: str) -> None:
        super().__init__(f"Did you mean {suggestion}? Change the address, or tick that it is right")


class EmailLooksAlike(EmailRefused):
    """Another address of the same organisation differs in letters that look the same."""

    def __init__(self, other: str) -> None:
        super().__init__(f"Somebody there already has {other}. Check each letter, or tick that the address is right")


class EmailTaken(EmailRefused):
    message = "There is already an account with this email address"


class FirstMailbox(EmailRefused):
    """A second address is there for when the first mailbox is in other hands."""

    message = "Enter an address of another mailbox. This one leads to the mailbox that is on record already"


class MailboxTaken(EmailRefused):
    message = "This email address leads to the same mailbox as another account"


class Namesake(DomainError):
    """Somebody of the same name has an account already; it may be the same person."""

    def __init__(self, name: str, email: str) -> None:
        super().__init__(
            f"{name} already has an account ({email}). Each person needs only one: add a role to that account. "
            "If this is somebody else, tick so"
        )


class FileRefused(DomainError):
    """A file of people that cannot be read as one."""


class ChangeRefused(RuleRefused):
    """The address cannot be changed now."""


class ProofRefused(DomainError):
    message = "Enter your own password, the one that you log in with"


class NotYourself(NotAllowed):
    message = "You cannot change your own account here. Ask another administrator."


class RoleAboveYours(NotAllowed):
    message = "You cannot give or end that role there, or change somebody who has it. Ask the helpdesk."


class AlsoElsewhere(NotAllowed):
    """Only part of what the person may do is the actor's to manage."""

    message = (
        "This person also works for organisations that are not yours. "
        "You can end their role at yours. For anything else, ask the helpdesk."
    )


class StateDoesNotFit(RuleRefused):
    """The account is not in a state in which that can be done."""


class NameRefused(DomainError):
    message = "Enter the person’s name, in 120 characters or fewer"


class PasswordRefused(DomainError):
    """A password that would be guessed; the sentence belongs beside the field."""

    message = "Choose another password"


class RoleDoesNotFit(RuleRefused):
    message = "This role cannot be held at that kind of organisation"


class RoleHeldAlready(RuleRefused):
    message = "This person already has that role there"


class OrganisationUnknown(RuleRefused):
    message = "There is no organisation with that code. Check the code, or add the organisation first"


class OrganisationRefused(RuleRefused):
    """An organisation that cannot be added as asked."""


class OrganisationCodeTaken(RuleRefused):
    message = "There is already an organisation with that code"


class PersonUnknown(RuleRefused):
    message = "There is nobody with that email address"


class AlreadySetUp(RuleRefused):
    message = "This person’s account is set up, so they need no set-up link"


class SignInRefused(DomainError):
    """The same words whether the address, the password or the account is wrong."""

    message = "Check your email address and password"


class PasswordWrong(DomainError):
    message = "The password is not right"


class PasswordProofEnded(RuleRefused):
    """Too much time went by, or too many codes were tried, since the password was given."""

    message = "You were not logged in within 5 minutes, or tried too many codes. Log in again."


class SpokenCodeWrong(DomainError):
    message = "The spoken code is not right. It is the one that was read out to you on the phone"


class BeingReset(ChangeRefused):
    message = "This person’s log-in is being reset. Wait until that is over, or cancel the reset"


class Restricted(RuleRefused):
    """For some hours after a reset its owner lets nobody else in, and changes no way to be reached."""

    way_on = ("/account", "Back to your account")

    def __init__(self, until: str) -> None:
        super().__init__(f"Your log-in was reset a short time ago. You can do this from {until}.")


class LinkNotUsable(RuleRefused):
    """The same words for every dead link: whoever finds one does not learn what became of it."""

    message = "This link has been used, replaced or has run out. Open the latest email from us, or call the helpdesk."


class MailedLinkNotUsable(LinkNotUsable):
    message = "This link has been used or has expired. Ask for a new one."


class PhoneRefused(DomainError):
    message = "Enter a phone number with 7 to 15 digits, like 020 7946 0123"


class SealUnreadable(Exception):
    """What is kept cannot be opened with our keys, or belongs to somebody else's row. Never shown to a person."""
