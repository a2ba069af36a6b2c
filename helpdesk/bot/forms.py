"""What a requester types: the chat's box, and the form with which a person takes over."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from wtforms import BooleanField, Form, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from helpdesk.accounts.email_rules import domain_suggestion, normalise_email, shared_mailbox_reason
from helpdesk.accounts.errors import EmailRefused
from helpdesk.accounts.types.directory import EmailAddress, OrganisationEntry
from helpdesk.bot.types import NONE_OF_THESE, HandOverDetails
from helpdesk.core.plain_text import clean_line, clean_text
from helpdesk.core.working_time import Stretch
from helpdesk.tickets.errors import SlotTaken
from helpdesk.tickets.presenters.slots import slot_choices, slot_value
from helpdesk.tickets.types import Route
from helpdesk.web.forms import choice

MOST_CHARACTERS = 2_000
# From a short number within a company to the longest that E.164 knows.
FEWEST_DIGITS, MOST_DIGITS = 7, 15

# Who rings us is on the route phone, too, but nobody rings them.
RINGS_US = "ring"
BY_EMAIL = choice(Route.EMAIL, "By email")
BY_CALL_BACK = choice(Route.PHONE, "Phone me at a time that I choose")
BY_RINGING_US = choice(RINGS_US, "I will phone the helpdesk")


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
        choices=[BY_EMAIL, BY_CALL_BACK],
        validate_choice=False,
    )
    phone = StringField("Phone number", filters=[_line])
    slot = RadioField("When should we phone you?", choices=[], validate_choice=False)
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
    # How we may be asked to answer.
    ways: frozenset[str] = frozenset({Route.EMAIL, Route.PHONE})
    # When each time begins that a call can be promised for; none where no time is asked.
    free_times: Mapping[str, datetime] = MappingProxyType({})

    def offer(self, sites: Iterable[OrganisationEntry]) -> None:
        """Ask which of these pharmacies is meant. With none of them, nothing is asked and the words stand."""
        named = {str(site.id): site.in_one_line for site in sites}
        if named:
            named[NONE_OF_THESE.id] = "None of these: use what I typed"
        self.may_be_chosen = frozenset(named)
        self.site.choices = [choice(value, words) for value, words in named.items()]

    def offer_times(self, free: Sequence[Stretch]) -> None:
        """Ask when to phone, and offer to be phoned. With no time free, nobody is promised a call."""
        self.free_times = {slot_value(slot): slot.starts for slot in free}
        self.slot.choices = slot_choices(free, self.slot.data or "")
        self.route.choices = [BY_EMAIL, *([BY_CALL_BACK] if free else []), BY_RINGING_US]
        self.ways = frozenset({Route.EMAIL, RINGS_US, *([Route.PHONE] if free else [])})

    def validate_route(self, field: RadioField) -> None:
        if field.data not in self.ways:
            field.data = None
            raise StopValidation("Choose how we should answer")

    def validate_slot(self, field: RadioField) -> None:
        if self.is_to_be_rung and self.free_times and field.data not in self.free_times:
            raise StopValidation(SlotTaken.message if field.data else "Choose a time for our call")

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
        if not typed and self.is_to_be_rung:
            raise StopValidation("Enter the phone number that we should ring")
        if typed and self.is_number_meant and not _may_be_a_phone(typed):
            raise StopValidation("Enter a phone number with 7 to 15 digits, like 020 7946 0123")

    def take_email(self, suggested: str) -> None:
        """Fill in the address that was suggested; all else stays as it was typed."""
        self.email.data = _line(suggested)
        self.doubted_email.data = ""

    @property
    def shared_mailbox_hint(self) -> str:
        """A kind word where the address looks like a team's: it is only a hint, for it may be used."""
        try:
            address = normalise_email(self.email.data or "")
        except EmailRefused:
            return ""
        if not shared_mailbox_reason(address):
            return ""
        return (
            f"{address.display} looks like a shared mailbox. "
            "Everybody who opens it can read our answer. You can use it all the same."
        )

    @property
    def route_hint(self) -> str:
        """Says why nobody can ask to be phoned, where that is so."""
        return "" if self.free_times else "We cannot promise a time to phone you. Choose email, or phone us."

    @property
    def is_to_be_rung(self) -> bool:
        """Whether we are to phone them."""
        return bool(self.route.data == Route.PHONE)

    @property
    def is_number_meant(self) -> bool:
        """Whether the number may go along. Where we are not to phone it, its field is hidden."""
        return self.is_to_be_rung

    def details(self) -> HandOverDetails:
        """What was filled in, once it is valid."""
        return HandOverDetails(
            name=self.name.data or "",
            email=normalise_email(self.email.data or "").display,
            pharmacy=self.pharmacy.data or "",
            phone=(self.phone.data or "") if self.is_number_meant else "",
            route=Route.EMAIL if self.route.data == Route.EMAIL else Route.PHONE,
            summary=self.summary.data or "",
            patient_waiting=bool(self.patient_waiting.data),
            site_id=self._chosen_site(),
            rings_us=self.route.data == RINGS_US,
            call_back_at=self.free_times.get(self.slot.data or "") if self.is_to_be_rung else None,
        )

    def _chosen_site(self) -> UUID | None:
        chosen = self.site.data if self.may_be_chosen else None
        return UUID(chosen) if chosen and chosen != NONE_OF_THESE.id else None


class ProgramHandOverForm(HandOverForm):
    """The same from a program, which sends no field unseen."""

    @property
    def is_number_meant(self) -> bool:
        return True


def _probably_meant(address: EmailAddress) -> str | None:
    """The address that a mistyped one was meant to be; the person decides."""
    domain = domain_suggestion(address, ())
    return f"{address.display.rpartition('@')[0]}@{domain}" if domain else None


def _may_be_a_phone(text: str) -> bool:
    digits = sum(sign.isdecimal() and sign.isascii() for sign in text)
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and len(text) <= 40 and not re.search(r"[^\d\s()+./x#extEXT-]", text)
