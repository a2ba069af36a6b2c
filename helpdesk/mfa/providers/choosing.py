"""The provider that `PROVIDER_URL` names."""

from helpdesk.mfa.providers.keycloak import KeycloakProvider
from helpdesk.mfa.providers.local import LocalProvider
from helpdesk.mfa.providers.privacyidea import PrivacyIdeaProvider
from helpdesk.mfa.providers.protocol import Provider
from helpdesk.settings import Settings


def provider_for(settings: Settings) -> Provider:
    """The provider in use; the settings have made sure that it is one of these."""
    address, secret = settings.provider, settings.provider_secret.get_secret_value()
    if address.kind == "keycloak":
        return KeycloakProvider(address.url, address.options["client"], secret)
    if address.kind == "privacyidea":
        return PrivacyIdeaProvider(address.url, address.options["user"], address.options["realm"], secret)
    return LocalProvider()
