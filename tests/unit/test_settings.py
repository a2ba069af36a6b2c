"""A bad start names every wrong or missing setting at once."""

import stat
from pathlib import Path

import pytest

from helpdesk.settings import SettingsError, load_settings

KEY = "q3vKk1Yx0Xw3mJc5T7n9b2d4f6h8j0l1z3x5c7v9B2M="


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HELPDESK_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def problems_with(monkeypatch: pytest.MonkeyPatch, **settings: str) -> str:
    for name, value in settings.items():
        monkeypatch.setenv(f"HELPDESK_{name}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return str(refused.value)


def test_every_wrong_setting_is_named_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problems_with(
        monkeypatch,
        MAIL_URL="telnet://mail",
        PUBLIC_URL="help.example.org",
        DATABASE_URL="mysql://db",
        TRUSTED_PROXIES="many",
        MAIL_ADRESS="help@example.org",
    )

    for name in ("MAIL_URL", "PUBLIC_URL", "DATABASE_URL", "TRUSTED_PROXIES"):
        assert f"HELPDESK_{name}: " in said
    assert "HELPDESK_MAIL_ADRESS: no such setting" in said


@pytest.mark.parametrize("address", ["smtp:", "smtp://", "smtp://:25", "smtps://mail:99999", "smtp://mail:port"])
def test_a_mail_server_needs_a_host_and_a_sane_port(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert "HELPDESK_MAIL_URL: must name a host" in problems_with(monkeypatch, MAIL_URL=address)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ESCALATION_EMAIL", ""),
        ("ESCALATION_EMAIL", "a@x.org,b@y.org"),
        ("MAIL_ADDRESS", "nonsense"),
        ("AUDIT_HEAD_TO", "anna@x.org, nonsense"),
        ("SERVICE_NAME", "two\nlines"),
        ("PUBLIC_URL", "https://user:word@x.example"),
        ("PUBLIC_URL", "https://x.example?y"),
        ("PUBLIC_URL", "https://x y"),
    ],
)
def test_what_would_fail_later_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert f"HELPDESK_{name}: " in problems_with(monkeypatch, **{name: value})


def test_no_value_is_repeated_in_the_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in problems_with(monkeypatch, MAIL_URL="ftp://me:hunter2@mail")


@pytest.mark.parametrize("secret", ["", "short", "changeme" * 4, "a" * 40])
def test_s16_production_needs_a_real_secret_and_https(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    said = problems_with(monkeypatch, ENV="production", SECRET_KEY=secret)

    assert "HELPDESK_SECRET_KEY: needs at least 32 characters" in said
    assert "HELPDESK_PUBLIC_URL: must start with https:" in said


@pytest.mark.parametrize("key", ["short", "a" * 40, "a key that is long enough, with 32 letters"])
def test_production_needs_an_audit_key_of_its_own_or_none(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    secret = "a key that is long enough, with 32 letters"
    said = problems_with(monkeypatch, ENV="production", SECRET_KEY=secret, AUDIT_KEY=key)

    assert "HELPDESK_AUDIT_KEY: needs at least 32 characters" in said


def test_the_audit_log_is_sealed_with_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_SECRET_KEY", "one")
    made_from_secret = load_settings().audit_chain_key
    monkeypatch.setenv("HELPDESK_AUDIT_KEY", "two")

    assert load_settings().audit_chain_key != made_from_secret
    assert b"one" not in made_from_secret


def test_names_that_are_promised_for_later_do_not_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_MAILBOX_URL", "imaps://mail.example.org")

    assert load_settings().env == "development"


def test_development_makes_a_secret_once_and_keeps_it_to_its_owner(data_dir: Path) -> None:
    first, second = load_settings(), load_settings()

    assert first.secret_key == second.secret_key
    assert len(first.secret_key.get_secret_value()) >= 32
    assert stat.S_IMODE((data_dir / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "origins",
    ["*", "https://*.example.org", "https://a.example/path", "a.example", "https://a.example:443", "HTTPS://A.example"],
)
def test_sites_that_may_embed_the_chat_are_named_one_by_one(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    assert "HELPDESK_EMBED_ORIGINS: must be like" in problems_with(monkeypatch, EMBED_ORIGINS=origins)


def test_several_sites_may_embed_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_EMBED_ORIGINS", "https://a.example, http://localhost:8001,")
    assert load_settings().embed_origins == ("https://a.example", "http://localhost:8001")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("", "must be set in production"),
        ("short", "must be keys of 32 random bytes"),
        ("A" * 43 + "=", "a key must be random"),
        (f"{KEY},{KEY}", "names the same key twice"),
    ],
)
def test_production_needs_real_keys_for_authenticators(monkeypatch: pytest.MonkeyPatch, keys: str, words: str) -> None:
    said = problems_with(
        monkeypatch, ENV="production", SECRET_KEY="x", PUBLIC_URL="https://help.example.org", MFA_KEYS=keys
    )
    assert "HELPDESK_MFA_KEYS" in said
    assert words in said
    assert keys.partition(",")[0] not in said or not keys


def test_s16_one_secret_does_not_serve_two_purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problems_with(monkeypatch, ENV="production", SECRET_KEY=KEY, MFA_KEYS=KEY)
    assert "HELPDESK_MFA_KEYS: must be another secret than HELPDESK_SECRET_KEY" in said


def test_the_audit_log_has_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problems_with(monkeypatch, ENV="production", AUDIT_KEY=KEY, MFA_KEYS=KEY)
    assert "HELPDESK_MFA_KEYS: must be another secret than HELPDESK_AUDIT_KEY" in said


def test_development_makes_a_key_for_authenticators_once(data_dir: Path) -> None:
    first, second = load_settings(), load_settings()
    assert first.sealing_keys == second.sealing_keys
    assert stat.S_IMODE((data_dir / "mfa_keys").stat().st_mode) == 0o600
    assert first.sealing_keys[0] not in repr(first)


def test_a_name_that_would_break_the_entry_in_an_app_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "HELPDESK_SERVICE_NAME: must have no colon" in problems_with(monkeypatch, SERVICE_NAME="Help: desk")


WEBHOOK_SECRET = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("WEBHOOK_URL", "https://2130706433/", "must not lead to a private address"),
        ("WEBHOOK_URL", "https://hooks.example, http://me:word@127.0.0.1/", "must have no user"),
        ("WEBHOOK_SECRETS", "short", "must be 32 random bytes"),
        ("WEBHOOK_SECRETS", "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", "must be 32 random bytes"),
        ("WEBHOOK_SECRETS", KEY, "must be other secrets"),
        ("WEBHOOK_SECRETS", f"{WEBHOOK_SECRET},whsec_{WEBHOOK_SECRET}", "must be one secret"),
        ("PROVIDER_URL", "okta+https://sso.example", "must be like keycloak"),
        ("PROVIDER_URL", "keycloak+https://sso.example/realms/pharmacy", "must end with"),
        ("PROVIDER_URL", "keycloak+https://sso.example/?client=helpdesk", "must name a realm"),
        ("PROVIDER_URL", "keycloak+https://me:word@sso.example/realms/pharmacy?client=helpdesk", "must be like"),
        ("PROVIDER_SECRET", KEY, "must be another secret"),
    ],
)
def test_what_is_wrong_with_other_systems_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    said = problems_with(monkeypatch, **{"MFA_KEYS": KEY, name: value})

    assert f"HELPDESK_{name}: {reason}" in said
    assert ":word" not in said


def test_whoever_is_told_or_asked_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problems_with(
        monkeypatch,
        WEBHOOK_URL="https://hooks.example/",
        PROVIDER_URL="privacyidea+https://pi.example?user=helpdesk&realm=pharmacy",
    )

    assert "HELPDESK_WEBHOOK_SECRETS: must be set" in said
    assert "HELPDESK_PROVIDER_SECRET: must be set" in said


def test_production_speaks_to_others_by_https_and_never_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problems_with(
        monkeypatch,
        ENV="production",
        WEBHOOK_URL="http://hooks.example/, http://127.0.0.1/",
        WEBHOOK_TO_LOOPBACK="true",
        PROVIDER_URL="keycloak+http://sso.example/realms/pharmacy?client=helpdesk",
    )

    assert "HELPDESK_WEBHOOK_TO_LOOPBACK: is for development only" in said
    assert "HELPDESK_WEBHOOK_URL: must start with https: in production" in said
    assert "HELPDESK_WEBHOOK_URL: must not lead to a private address" in said
    assert "HELPDESK_PROVIDER_URL: must name https: in production" in said


def test_webhooks_and_a_provider_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_WEBHOOK_URL", "https://a.example/x, https://b.example/y")
    monkeypatch.setenv("HELPDESK_WEBHOOK_SECRETS", f"whsec_{WEBHOOK_SECRET}")
    monkeypatch.setenv("HELPDESK_PROVIDER_URL", "keycloak+https://sso.example/realms/pharmacy?client=helpdesk")
    monkeypatch.setenv("HELPDESK_PROVIDER_SECRET", "anything that is only said there")

    found = load_settings()

    assert found.webhook_urls == ("https://a.example/x", "https://b.example/y")
    assert found.webhook_keys == [bytes(range(1, 33))]
    assert found.provider.kind == "keycloak"
