"""What a requester types: the chat's box, and the form with which a person takes over."""

import re
from collections.abc import Iterable
from uuid import UUID

from wtforms import BooleanField, Form, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from helpdesk.accounts.email_rules import domain_suggestion, normalise_email
from helpdesk.accounts.errors import EmailRefused
from helpdesk.accounts.types import EmailAddress, OrganisationEntry
from helpdesk.bot.types import NONE_OF_THESE, HandOverDetails
from helpdesk.core.plain_text import clean_line, clean_text
from helpdesk.tickets.types import Route
from helpdesk.web.forms import choice

MOST_CHARACTERS = 2_000
# From a short number within a company to the longest that E.164 knows.
FEWEST_DIGITS, MOST_DIGITS = 7, 15


def _line(value: str | None) -> str:
    return clean_line(value, 1_000)


class MessageForm(Form):
    """The box under the chat. A text that is too long is cut when its secrets are out, so that none is cut in two."""

    text = TextAreaField(
        "Your message",
        [DataRequired("Enter a message, for example “my code is refused”")],
        filters=[clean_text],
    )


class HandOverForm(Form):
    """Who asks, and how a person reaches them."""

    patient_waiting = BooleanField("A patient is waiting now")
    name = StringField(
        "Your name",
        [DataRequired("Enter your name"), Length(max=120, message="Your name must be 120 characters or fewer")],
        filters=[_line],
    )
    email = StringField("Your email address", [DataRequired("Enter your email address")], filters=[_line])
    # The address that was doubted: sent once more as it is, it passes.
    doubted_email = HiddenField(filters=[_line])
    pharmacy = StringField(
        "Your pharmacy",
        [
            DataRequired("Enter your pharmacy’s name, postcode or ODS code"),
            Length(max=120, message="Your pharmacy must be 120 characters or fewer"),
        ],
        filters=[_line],
    )
    # Asked when the words may mean pharmacies that we know; and the words for which it was asked.
    site = RadioField("Is it one of these?", choices=[], validate_choice=False)
    offered_for = HiddenField(filters=[_line])
    route = RadioField(
        "How should we answer?",
        choices=[choice(str(Route.EMAIL), "By email"), choice(str(Route.PHONE), "By phone")],
        validators=[DataRequired("Choose email or phone")],
    )
    phone = StringField("Phone number", filters=[_line])
    summary = TextAreaField(
        "What is happening",
        [
            DataRequired("Tell us what is happening"),
            Length(max=MOST_CHARACTERS, message="What is happening must be 2,000 characters or fewer"),
        ],
        filters=[clean_text],
    )

    # What a mistyped address was probably meant to be, for a button that fills it in.
    suggested_email = ""
    # The ids of the pharmacies that were offered for the words, and the one that refuses all.
    may_be_chosen: frozenset[str] = frozenset()

    def offer(self, sites: Iterable[OrganisationEntry]) -> None:
        """Ask which of these pharmacies is meant. With none of them, nothing is asked and the words stand."""
        named = {str(site.id): site.in_one_line for site in sites}
        if named:
            named[NONE_OF_THESE.id] = "None of these: use what I typed"
        self.may_be_chosen = frozenset(named)
        self.site.choices = [choice(value, words) for value, words in named.items()]

    def validate_site(self, field: RadioField) -> None:
        is_asked_already = self.offered_for.data == self.pharmacy.data
        if not self.may_be_chosen or (is_asked_already and field.data in self.may_be_chosen):
            return
        self.offered_for.data = self.pharmacy.data
        field.data = None
        raise StopValidation("Choose your pharmacy, or choose “None of these”")

    def validate_email(self, field: StringField) -> None:
        try:
            address = normalise_email(field.data or "")
        except EmailRefused as error:
            raise StopValidation(error.message) from error
        if (self.doubted_email.data or "").casefold() == (field.data or "").casefold():
            return
        if meant := _probably_meant(address):
            self.doubted_email.data = field.data
            self.suggested_email = meant
            raise StopValidation(f"Did you mean {meant}? If yours is right, send it again")

    def validate_phone(self, field: StringField) -> None:
        typed = field.data or ""
        if not typed and self.route.data == Route.PHONE:
            raise StopValidation("Enter the phone number that we should ring")
        if typed and not _may_be_a_phone(typed):
            raise StopValidation("Enter a phone number with 7 to 15 digits, like 020 7946 0123")

    def take_email(self, suggested: str) -> None:
        """Fill in the address that was suggested; all else stays as it was typed."""
        self.email.data = _line(suggested)
        self.doubted_email.data = ""

    def details(self) -> HandOverDetails:
        """What was filled in, once it is valid."""
        return HandOverDetails(
            name=self.name.data or "",
            email=normalise_email(self.email.data or "").display,
            pharmacy=self.pharmacy.data or "",
            phone=self.phone.data or "",
            route=Route(self.route.data),
            summary=self.summary.data or "",
            patient_waiting=bool(self.patient_waiting.data),
            site_id=self._chosen_site(),
        )

    def _chosen_site(self) -> UUID | None:
        chosen = self.site.data if self.may_be_chosen else None
        return UUID(chosen) if chosen and chosen != NONE_OF_THESE.id else None


def _probably_meant(address: EmailAddress) -> str | None:
    """The address that a mistyped one was meant to be; the person decides."""
    domain = domain_suggestion(address, ())
    return f"{address.display.rpartition('@')[0]}@{domain}" if domain else None


def _may_be_a_phone(text: str) -> bool:
    digits = sum(sign.isdecimal() and sign.isascii() for sign in text)
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and len(text) <= 40 and not re.search(r"[^\d\s()+./x#extEXT-]", text)
