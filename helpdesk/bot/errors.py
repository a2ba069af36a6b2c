"""What the assistant cannot do, and the sentence that says so."""

from helpdesk.core.errors import NotSignedIn, RuleRefused, Unavailable


class NoConversation(NotSignedIn):
    """There is no open conversation with that token."""

    message = "There is no open conversation with that token. Start one with POST /api/v1/conversations."


class ConversationClosed(RuleRefused):
    message = "This chat was closed. Start a new one."


class ChatTooLong(RuleRefused):
    message = "This chat has become too long to answer here. Ask a person for help."


class NoRoom(Unavailable):
    """The disk is nearly full; what is left is for requests to people."""

    def __init__(self, phone: str) -> None:
        super().__init__(f"The chat is closed for now. Ask a person for help, or phone the helpdesk on {phone}.")


class NothingToChoose(RuleRefused):
    message = "That choice is no longer there. Write your question in your own words."
