"""Which addresses are the same, which are a team's, and which are slips."""

import pytest

from helpdesk.accounts.email_rules import domain_suggestion, is_surely_shared, normalise_email, shared_mailbox_reason
from helpdesk.accounts.errors import EmailNotPlain, EmailRefused, EmailTooLong


@pytest.mark.parametrize(
    ("typed", "display", "key", "collision"),
    [
        ("jo.smith@nhs.net", "jo.smith@nhs.net", "jo.smith@nhs.net", "jo.smith@nhs.net"),
        (" \tJo.Smith@NHS.net ", "Jo.Smith@nhs.net", "jo.smith@nhs.net", "jo.smith@nhs.net"),
        ("jo.smith+help@nhs.net", "jo.smith+help@nhs.net", "jo.smith+help@nhs.net", "jo.smith@nhs.net"),
        ("jo.smith+a+b@nhs.net", "jo.smith+a+b@nhs.net", "jo.smith+a+b@nhs.net", "jo.smith@nhs.net"),
        ("+only@nhs.net", "+only@nhs.net", "+only@nhs.net", "+only@nhs.net"),
        ("Jo.Smith@gmail.com", "Jo.Smith@gmail.com", "jo.smith@gmail.com", "josmith@gmail.com"),
        ("jo.s.mith+x@GoogleMail.com", "jo.s.mith+x@googlemail.com", "jo.s.mith+x@googlemail.com", "josmith@gmail.com"),
        # Namesakes are different people, and elsewhere dots count.
        ("john.smith2@nhs.net", "john.smith2@nhs.net", "john.smith2@nhs.net", "john.smith2@nhs.net"),
        ("j.o@outlook.com", "j.o@outlook.com", "j.o@outlook.com", "j.o@outlook.com"),
        ("o'brien@example.org", "o'brien@example.org", "o'brien@example.org", "o'brien@example.org"),
    ],
)
def test_an_address_has_three_forms(typed: str, display: str, key: str, collision: str) -> None:
    address = normalise_email(typed)
    assert (address.display, address.key, address.collision) == (display, key, collision)


@pytest.mark.parametrize(
    "typed",
    [
        "jо@nhs.net",  # a Cyrillic o
        "jo@nhѕ.net",  # a Cyrillic s
        "jo@\uff4e\uff48\uff53.net",  # full width
        "jo@nhs。net",
        "mıke@nhs.net",  # a dotless i
        "\u212aate@nhs.net",  # the sign for Kelvin
        "straße@nhs.net",
        "ſam@nhs.net",  # a long s
        "jo@xn--nh-foc.net",
        "jo@XN--NH-FOC.net",
        "jo@mail.xn--nh-foc.net",
        "jo\u200b@nhs.net",
        "jo\u00ad@nhs.net",
        "jo\u00a0@nhs.net",
        "\u202ejo@nhs.net",
    ],
)
def test_letters_that_only_look_plain_are_refused(typed: str) -> None:
    with pytest.raises(EmailNotPlain, match="plain English letters"):
        normalise_email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "jo",
        "jo@",
        "@nhs.net",
        "jo@nhs",
        "jo@nhs.net.",
        "jo@@nhs.net",
        "jo smith@nhs.net",
        "jo..smith@nhs.net",
        ".jo@nhs.net",
        "jo.@nhs.net",
        '"jo smith"@nhs.net',
        "jo@[127.0.0.1]",
        "Jo <jo@nhs.net>",
        "jo(me)@nhs.net",
        "jo@nhs.net\r\nBcc: eve@example.org",
        "jo@nhs.net\n",
        "jo\x00@nhs.net",
        "jo@example.invalid",
        "jo@localhost",
        "a@nhs.net,b@nhs.net",
        f"{'a' * 65}@nhs.net",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(EmailRefused, match="Enter an email address in the correct format"):
        normalise_email(typed)


@pytest.mark.parametrize("length", [255, 1_000_000])
def test_an_address_that_is_too_long_is_refused_at_once(length: int) -> None:
    with pytest.raises(EmailTooLong, match="254 characters"):
        normalise_email("a" * length)


@pytest.mark.parametrize(
    "address",
    [
        "pharmacy.FA123@nhs.net",
        "pharmacy.faith@nhs.net",
        "Pharmacy.FA123+jo@nhs.net",
        "nhspharmacy.leeds.bootsFA123@nhs.net",
        "nhspharmacy.x+jo@nhs.net",
    ],
)
def test_a_pharmacys_own_nhsmail_is_surely_shared(address: str) -> None:
    assert is_surely_shared(normalise_email(address))
    assert shared_mailbox_reason(normalise_email(address))


@pytest.mark.parametrize(
    "local",
    [
        *(
            "info",
            "admin",
            "pharmacy",
            "dispensary2",
            "manager",
            "store1234",
            "it",
            "hr",
            "mail",
            "noreply",
            "no-reply",
        ),
        *("pharmacy.manager", "smiths.pharmacy", "smiths-dispensary", "high_street_pharmacy3", "team.leeds"),
        *("fa123", "FA123", "boots.fa123", "fcv59.leeds", "info+jo", "superintendent", "locums", "flu2026"),
    ],
)
def test_an_address_of_a_job_or_a_place_looks_shared(local: str) -> None:
    address = normalise_email(f"{local}@example.org")
    assert shared_mailbox_reason(address)
    assert not is_surely_shared(address)


@pytest.mark.parametrize(
    "local",
    [
        *("john.smith1", "faith", "fiona1", "it.hughes", "o'brien", "frank9", "jo", "hr.patel", "fay", "adminah.khan"),
        *("pharmacyjo", "mailer.jo", "sam", "jo-ann.storey", "ray.manageress"),
    ],
)
@pytest.mark.parametrize("domain", ["nhs.net", "example.org"])
def test_an_address_of_a_person_passes(local: str, domain: str) -> None:
    assert shared_mailbox_reason(normalise_email(f"{local}@{domain}")) is None


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        *((slip, "nhs.net") for slip in ("nhs.nett", "nhs.nte", "nhs.ent", "nhs.co", "nsh.net", "nhs.ne", "hns.net")),
        ("boots.co.uj", "boots.co.uk"),
        ("bots.co.uk", "boots.co.uk"),
        ("nhs.net", None),
        ("boots.co.uk", None),
        ("gmail.com", None),
        ("trust.nhs.uk", None),
    ],
)
def test_a_slip_in_the_domain_is_asked_about(domain: str, meant: str | None) -> None:
    assert domain_suggestion(normalise_email(f"jo@{domain}"), ["boots.co.uk"]) == meant
