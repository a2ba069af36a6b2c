"""Adding many people from a file: first it is only looked at, then all good lines are kept together."""

from dataclasses import dataclass

from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.errors import EmailTaken, MailboxTaken
from helpdesk.accounts.loader import Line, read_lines
from helpdesk.accounts.service.adding_people import make_person, note_added, one_address_each
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.service.newcomers import Neighbours, Newcomer, check
from helpdesk.accounts.types.directory import EmailAddress, NewPerson, RefusedLine
from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.errors import ChangedMeanwhile, DomainError
from helpdesk.db import db


@dataclass(frozen=True)
class CheckedFile:
    """What would become of each line."""

    good: tuple[tuple[NewPerson, Newcomer], ...]
    refused: tuple[RefusedLine, ...]


@dataclass
class _Seen:
    """In which line each address of this file stood first."""

    lines: dict[str, int]

    def ensure_first(self, address: EmailAddress) -> None:
        """Refuse an address that stands further up in the same file."""
        earlier = self.lines.get(address.collision)
        if earlier is not None:
            raise DomainError(f"Line {earlier} has the same email address, or one of the same mailbox")

    def note(self, address: EmailAddress, number: int) -> None:
        """Remember where it stood; a refused line takes no address away."""
        self.lines[address.collision] = number


def check_file(text: str, *, by: Actor) -> CheckedFile:
    """Look at every line by the rules for everybody. Nothing is kept."""
    among, seen = Neighbours(by), _Seen({})
    good, refused = [], []
    for line in read_lines(text):
        try:
            good.append(_checked(line, by=by, among=among, seen=seen))
        except DomainError as refusal:
            refused.append(RefusedLine(line.number, line.name, line.email, refusal.message))
    return CheckedFile(tuple(good), tuple(refused))


def import_people(text: str, *, expected: int, by: Actor) -> int:
    """Add everybody whose line is good; how many. The worker invites them, so that nobody waits for so many mails.

    ChangedMeanwhile, and nobody is added, when it is not as many as somebody saw before.
    """
    ensure_not_restricted(by=by)
    checked = check_file(text, by=by)
    if len(checked.good) != expected:
        raise ChangedMeanwhile
    people = [make_person(new, newcomer) for new, newcomer in checked.good]
    try:
        if checked.good:
            with one_address_each(checked.good[0][1].address):
                db.session.add_all(people)
    except (EmailTaken, MailboxTaken) as refusal:
        raise ChangedMeanwhile from refusal
    for person, (new, newcomer) in zip(people, checked.good, strict=True):
        note_added(person, new, newcomer, by=by)
    record("people:imported", by=by, target=f"person:{by.person_id}", count=expected, refused=len(checked.refused))
    return expected


def _checked(line: Line, *, by: Actor, among: Neighbours, seen: _Seen) -> tuple[NewPerson, Newcomer]:
    if line.new is None:
        raise DomainError(line.problem)
    seen.ensure_first(normalise_email(line.new.email))
    newcomer = check(line.new, by=by, among=among)
    seen.note(newcomer.address, line.number)
    among.welcome(newcomer)
    return line.new, newcomer
