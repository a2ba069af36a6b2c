"""Why a message was not taken. Nobody but an operator reads these."""


class NotTaken(Exception):
    """The receiver did not take it now; later it may. The text is short and holds nothing that the receiver wrote."""


class NeverTaken(Exception):
    """The receiver says that it is gone, or must not be called at all."""
