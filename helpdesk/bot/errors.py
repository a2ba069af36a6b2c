"""What the assistant cannot do, and the sentence that says so."""

from helpdesk.core.errors import NotSignedIn, RuleRefused


class NoConversation(NotSignedIn):
    """There is no open conversation with that token."""

    message = "There is no open conversation with that token. Start one with POST /api/v1/conversations."


class ConversationClosed(RuleRefused):
    message = "This chat was closed. Start a new one."


class NothingToChoose(RuleRefused):
    message = "That choice is no longer there. Write your question in your own words."
