"""Why a provider did not do what it was asked. Staff read these sentences; none of them holds what it answered."""


class ProviderAway(Exception):
    """It did not do it now; later it may."""


class ProviderRefused(Exception):
    """It never will: a person must look."""
