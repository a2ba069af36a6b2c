"""Why a mail did not leave. Nobody but an operator reads these."""


class DeliveryError(Exception):
    """The mail was not taken; the text is short and says what the server said."""


class ServerUnavailable(DeliveryError):
    """No session with the mail server could be opened. It is nobody's mail in particular: all wait, in their order."""


class RefusedForNow(DeliveryError):
    """The server did not take this mail now; later it may."""


class RefusedForGood(DeliveryError):
    """The server will never take this mail."""
