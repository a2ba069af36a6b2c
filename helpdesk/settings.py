"""Every setting of the service: its name, type, default and one line of meaning.

Settings come from the environment with the prefix ``HELPDESK_``. A bad start names every wrong or missing one at once.
"""

import hmac
import os
import re
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from helpdesk.core.plain_text import between_commas
from helpdesk.outside_settings import OutsideSettings, key_bytes
from helpdesk.own_secrets import is_sealing_key, kept_secret, unsafe_secrets

PREFIX = "HELPDESK_"

# Names that docs promise and that a later part of the product reads: setting them early is no mistake.
PROMISED = {"MAILBOX_URL", "LMTP_LISTEN", "BRAND"}

DEFAULT_MAIL_ADDRESS = "helpdesk@localhost.example"
ONE_ADDRESS = re.compile(r"[^@\s,;<>\"()]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", re.ASCII)
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+/?", re.ASCII)
# As a browser writes it: lower case, and no port that goes without saying.
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::(?!80$|443$)[0-9]{1,5})?", re.ASCII)
MAIL_SCHEMES = ("file", "smtp", "smtps", "smtp+starttls")


class SettingsError(Exception):
    """The service cannot start; the text lists each wrong setting on a line of its own."""


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(OutsideSettings, BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, hide_input_in_errors=True, frozen=True)

    env: Environment = Field(Environment.DEVELOPMENT, description="development or production")
    data_dir: Path = Field(Path("instance"), description="folder for the database, secrets and outbox")
    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite in the data folder")
    public_url: str = Field("http://127.0.0.1:8000", description="address that people use, for links in mail")
    secret_key: SecretStr = Field(SecretStr(""), description="signs cookies; at least 32 characters")
    mfa_keys: SecretStr = Field(SecretStr(""), description="encrypt authenticator keys; newest first, commas between")
    service_name: str = Field("Pharmacy MFA helpdesk", pattern=r"^[^\x00-\x1f\x7f]{3,60}$")
    mail_url: str = Field("file:", description="file:, smtp://, smtps:// or smtp+starttls://user:password@host:port")
    mail_address: str = Field(DEFAULT_MAIL_ADDRESS, description="sender of our mail")
    escalation_email: str = Field("helpdesk@phpartnership.com", description="where unresolved tickets are sent")
    escalation_phone: str = Field("0345 450 6279", description="the helpdesk's phone line")
    opening_hours: str = Field("", max_length=200, description="stated to the public; empty means never stated")
    faq_dir: Path = Field(Path("faq_data"), description="folder of the FAQ's files")
    audit_key: SecretStr = Field(SecretStr(""), description="seals the audit log; empty means made from the secret key")
    audit_head_to: str = Field("", description="who gets the audit log's head every hour; commas between addresses")
    trusted_proxies: int = Field(0, ge=0, le=5, description="how many proxies in front set X-Forwarded-For")
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="sites that may show the chat in a frame, with commas between; empty means none"
    )

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if not WEB_ADDRESS.fullmatch(value):
            raise ValueError("must be like https://help.example.org, without a path")
        return value.rstrip("/")

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        return between_commas(value) if isinstance(value, str) else value

    @field_validator("embed_origins")
    @classmethod
    def _are_whole_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(ORIGIN.fullmatch(one) for one in value):
            raise ValueError("must be like https://www.example.org, without a path or *, with commas between")
        return value

    @field_validator("mail_address", "escalation_email")
    @classmethod
    def _is_one_address(cls, value: str) -> str:
        if not ONE_ADDRESS.fullmatch(value):
            raise ValueError("must be one email address, such as help@example.org")
        return value

    @field_validator("audit_head_to")
    @classmethod
    def _is_list_of_addresses(cls, value: str) -> str:
        if not all(ONE_ADDRESS.fullmatch(part.strip()) for part in value.split(",") if value):
            raise ValueError("must be email addresses with commas between them")
        return value

    @field_validator("mfa_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr) -> SecretStr:
        keys = between_commas(value.get_secret_value())
        if not all(is_sealing_key(key) for key in keys):
            raise ValueError("must be keys of 32 random bytes: openssl rand -base64 32 | tr +/ -_")
        if len(set(keys)) < len(keys):
            raise ValueError("names the same key twice")
        return value

    # The name becomes the issuer in authenticator apps, where a colon parts issuer and account.
    @field_validator("service_name")
    @classmethod
    def _has_no_colon(cls, value: str) -> str:
        if ":" in value:
            raise ValueError("must have no colon")
        return value

    @field_validator("mail_url")
    @classmethod
    def _is_mail_address(cls, value: str) -> str:
        if value.split(":", 1)[0] not in MAIL_SCHEMES:
            raise ValueError("must start with " + ", ".join(f"{scheme}:" for scheme in MAIL_SCHEMES))
        if not value.startswith("file:") and not _has_host_and_port(value):
            raise ValueError("must name a host, such as smtp+starttls://user:password@mail.example.org:587")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            raise ValueError("must start with sqlite: or postgresql:")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        wrong = _wrong_outside(self) + (_unsafe_in_production(self) if self.is_production else [])
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def is_production(self) -> bool:
        return self.env is Environment.PRODUCTION

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https:")

    @property
    def sealing_keys(self) -> list[str]:
        """The keys that encrypt authenticator keys, the one for new rows first."""
        return between_commas(self.mfa_keys.get_secret_value())

    @property
    def database(self) -> str:
        """The database address in use, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'helpdesk.db').resolve()}"

    @property
    def audit_chain_key(self) -> bytes:
        """Seals the audit log, and nothing else: a key of its own, whichever setting it is made from."""
        secret = self.audit_key.get_secret_value() or self.secret_key.get_secret_value()
        return hmac.digest(secret.encode(), b"audit chain", "sha256")

    @property
    def audit_head_addresses(self) -> tuple[str, ...]:
        """Who gets the audit log's head."""
        return tuple(between_commas(self.audit_head_to))


def load_settings() -> Settings:
    """Read the environment, or raise one error that names everything wrong with it."""
    problems = [f"{name}: no such setting" for name in _unknown_names()]
    try:
        settings = Settings()
    except ValidationError as error:
        problems += [_sentence(item["loc"], item["msg"]) for item in error.errors()]
    if problems:
        raise SettingsError("The service cannot start:\n" + "\n".join(f"  {problem}" for problem in problems))
    return _with_kept_secrets(settings)


_in_use: list[Settings] = []


def use(settings: Settings) -> None:
    """Make these the settings of this process; the app does so when it is made."""
    _in_use[:] = [settings]


def in_use() -> Settings:
    """The settings of this process, for what runs far from the request: services, mail, jobs."""
    return _in_use[0]


def _unsafe_in_production(settings: Settings) -> list[str]:
    """What development forgives and production does not."""
    secret, audit_key = settings.secret_key.get_secret_value(), settings.audit_key.get_secret_value()
    wrong = [f"{PREFIX}{problem}" for problem in unsafe_secrets(secret, audit_key, settings.sealing_keys)]
    if not settings.mail_url.startswith("file:") and settings.mail_address == DEFAULT_MAIL_ADDRESS:
        wrong.append(f"{PREFIX}MAIL_ADDRESS: must be set, so that answers reach you")
    if any(not origin.startswith("https:") for origin in settings.embed_origins):
        wrong.append(f"{PREFIX}EMBED_ORIGINS: must all start with https: in production")
    if not settings.is_https:
        wrong.append(f"{PREFIX}PUBLIC_URL: must start with https: in production")
    return wrong


def _wrong_outside(settings: Settings) -> list[str]:
    """What is wrong with how other systems are called, in development too: what leaves cannot be taken back."""
    ours = [settings.secret_key.get_secret_value(), settings.audit_key.get_secret_value(), *settings.sealing_keys]
    wrong = settings.wrong_outside(is_production=settings.is_production, ours={key_bytes(one) for one in ours if one})
    return [f"{PREFIX}{problem}" for problem in wrong]


def _unknown_names() -> list[str]:
    known = {name.upper() for name in Settings.model_fields} | PROMISED
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in known)


def _has_host_and_port(address: str) -> bool:
    parts = urlsplit(address)
    try:
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or too large
        return False


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(location[0]).upper()}: {text}" if location else text


def _with_kept_secrets(settings: Settings) -> Settings:
    """Development only: secrets that are not set are made once and kept in the data folder."""
    made = {}
    if not settings.secret_key.get_secret_value():
        made["secret_key"] = SecretStr(kept_secret(settings.data_dir / "secret_key", secrets.token_urlsafe(48)))
    if not settings.sealing_keys:
        made["mfa_keys"] = SecretStr(kept_secret(settings.data_dir / "mfa_keys", Fernet.generate_key().decode()))
    return settings.model_copy(update=made)
