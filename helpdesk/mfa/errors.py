"""Why somebody cannot prove who they are, and the sentence that says so."""

from helpdesk.core.errors import ChangedMeanwhile, DomainError, NotAllowed, RuleRefused, TooMany


class CodeRefused(DomainError):
    """A code that is not accepted; the sentence belongs beside the field."""

    message = "The code is not right. Enter the code that your authenticator app shows now"


class NoFactor(RuleRefused):
    message = "This account has no authenticator yet. Ask your administrator for a set-up link."


class SetUpEnded(RuleRefused):
    message = "The time to set up your authenticator is over. Open the link in your email again."


class RecoveryCodeRefused(DomainError):
    message = "The recovery code is not right, or was used before"


class ResetRefused(RuleRefused):
    """A reset that cannot be started or go on as things are."""


class ResetMovedOn(ChangedMeanwhile):
    message = "This reset moved on while you were looking at it. Open it again and see what is to do now."


class ResetOpenAlready(ResetRefused):
    message = "A reset is open for this person already."


class EvidenceRefused(ResetRefused):
    """Something that does not show who the person is."""

    message = "You cannot make sure in that way who this person is. Use one that the page offers."


class NumberNotShown(EvidenceRefused):
    """Who never saw the number on record rang another one, such as one that the caller gave."""

    message = "First show the number to ring, then ring it"


class EvidenceTooOld(ResetRefused):
    message = "Nobody has made sure in the last 30 minutes who this person is. Check it again."


class BulkRefused(DomainError):
    """A list of people that cannot be reset as it is; the sentence belongs beside the field."""


class BulkChanged(ResetMovedOn):
    message = "The list is not the one that you saw. Nothing was reset."


class SecondMustDiffer(NotAllowed):
    message = "A second person must approve this: not the one who asked for it, and not the one who approved it first."


class SpokenCodeShown(ResetRefused):
    message = "The spoken code was shown already. If it was lost, cancel this reset and start a new one."


class DisputeRefused(ResetRefused):
    """The same words for a wrong link and for one that has nothing to stop: nobody learns which."""

    message = "This link has nothing to stop, or its last part is not right. Call the helpdesk if something is wrong."


class LaneClosed(TooMany):
    """So many wrong codes came by one way that waiting opens it no more."""
