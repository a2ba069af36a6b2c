"""What the chat tells about its requester: what is plain is taken, and what may be something else is not."""

import pytest

from helpdesk.bot.rules.about_requester import about_requester
from helpdesk.bot.types import AboutRequester


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Hi, I'm Amina from High Street Pharmacy", "Amina"),
        ("My name is Siân O’Neill and my code is refused", "Siân O’Neill"),
        ("my name's Amina Khan", "Amina Khan"),
        ("This is Jean-Paul Smith at FW844", "Jean-Paul Smith"),
        ("I am Ahmed, the pharmacist", "Ahmed"),
        ("I’m Locked from PharmOutcomes", ""),
        ("This is Boots from Leeds", ""),
        ("This is Day Lewis from Croydon", ""),
        ("I'm calling from Leeds", ""),
        ("I'm stuck at the code", ""),
        ("My name is not on the list", ""),
        ("It's Urgent", ""),
        ("I'M LOCKED OUT FROM EVERYTHING", ""),
        ("I'm Amina from Leeds. This is Ben from Leeds", ""),
    ],
)
def test_a_name_is_taken_only_when_it_is_plainly_given(message: str, name: str) -> None:
    assert about_requester([message]).name == name


@pytest.mark.parametrize(
    ("message", "phone"),
    [
        ("ring me on 020 7946 0123.", "020 7946 0123"),
        ("07700900123", "07700900123"),
        ("call +44 7700 900 123 please", "+44 7700 900 123"),
        ("(0113) 496 0000", "(0113) 496 0000"),
        ("I rang 0345 450 6279 and nobody answered", ""),
        ("the code 123456 is refused", ""),
        ("NHS number 943 476 5919", ""),
        ("020 7946 0123 or 07700 900123", ""),
    ],
)
def test_a_phone_number_is_taken_and_a_code_or_a_call_centre_is_not(message: str, phone: str) -> None:
    assert about_requester([message]).phone == phone


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("we are fw844", "FW844"),
        ("our ODS code is 8HV12", "8HV12"),
        ("first forms of email failed, still locked", ""),
        ("pharmacy.fw844@nhs.net", ""),
        ("FW844 or FA123", ""),
        ("FW844, yes, fw844", "FW844"),
    ],
)
def test_a_pharmacy_is_taken_by_its_code(message: str, code: str) -> None:
    assert about_requester([message]).pharmacy == code


@pytest.mark.parametrize(
    ("message", "email"),
    [
        ("write to amina.khan@nhs.net.", "amina.khan@nhs.net"),
        ("amina@nhs", ""),
        ("amina@nhs.net, not amina.khan@nhs.net", ""),
    ],
)
def test_an_email_address_is_taken_when_there_is_one(message: str, email: str) -> None:
    assert about_requester([message]).email == email


def test_all_of_it_may_be_said_in_several_messages() -> None:
    said = ["I'm Amina from fw844", "my code is refused", "07700 900123 or amina@nhs.net"]
    assert about_requester(said) == AboutRequester("Amina", "amina@nhs.net", "07700 900123", "FW844")


def test_a_long_hostile_message_costs_little() -> None:
    assert about_requester(["a.-" * 700, "0" * 2_000, "I'm " + "Aa " * 600]) == AboutRequester()
