"""The directory and the sign-in of people with an account. Pharmacy teams who only ask for help have none."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.types.contacts import ChangeState
from helpdesk.accounts.types.directory import OrganisationKind, PersonStatus, Role
from helpdesk.accounts.types.log_ins import LinkPurpose
from helpdesk.db import Base, one_of


class Organisation(Base):
    """The platform, a commissioner, a company or a site (one pharmacy), in one tree."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(one_of("kind", OrganisationKind), name="kind"),
        CheckConstraint("(kind = 'platform') = (parent_id IS NULL)", name="only_platform_has_no_parent"),
    )

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    # How the NHS names the organisation; unknown for some and then None.
    ods_code: Mapped[str | None] = mapped_column(String(8), unique=True)
    # Street and town, without the postcode.
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(8), default="")
    # The ids from the top down, 'a/b/c/': a subtree is everything that starts alike. The platform's own is ''.
    path: Mapped[str] = mapped_column(String(400), index=True)

    parent: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")


class Person(Base):
    """One human with an account: an agent, an administrator or a commissioner."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(one_of("status", PersonStatus), name="status"),
        CheckConstraint("(sealed_phone IS NULL) = (phone_since IS NULL)", name="phone_has_a_date"),
        CheckConstraint("(second_email_asked = '') = (second_email_asked_at IS NULL)", name="second_email_asked_at"),
    )

    name: Mapped[str] = mapped_column(String(120))
    # As typed, for showing; the two keys below decide who is the same.
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    email_collision: Mapped[str] = mapped_column(String(254), unique=True)
    # Why an address that looks like a team's is this person's own; '' for all others.
    personal_because: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default=PersonStatus.INVITED)
    # When the person left; their roles ended in the same moment.
    left_at: Mapped[datetime | None]
    # When the email address, the phone number or the second address last changed: fresh ones prove little.
    contacts_changed_at: Mapped[datetime | None]
    # The number on record, at which a person is rung back before their log-in is reset; encrypted with whose it is.
    sealed_phone: Mapped[str | None] = mapped_column(Text)
    phone_since: Mapped[datetime | None]
    # Another mailbox that hears of dangerous changes; '' when there is none.
    second_email: Mapped[str] = mapped_column(String(254), default="")
    # The one that waits for its reader to confirm it, and since when; '' when none does.
    second_email_asked: Mapped[str] = mapped_column(String(254), default="")
    second_email_asked_at: Mapped[datetime | None]
    # Until then the person works as ever but changes nothing that lets people in: their log-in was reset.
    restricted_until: Mapped[datetime | None]
    # While a reset of the log-in is open, neither the address nor the phone number changes, whoever asks.
    is_being_reset: Mapped[bool] = mapped_column(default=False)
    # Raising it ends every session of this person at once.
    session_epoch: Mapped[int] = mapped_column(default=0)
    # Which of the person's authenticators counts; 0 before the first. Whatever carries an older number is dead.
    mfa_generation: Mapped[int] = mapped_column(default=0)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", order_by="Membership.created_at")


class Membership(Base):
    """A role that a person holds at an organisation; a locum's several sites are several rows."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "role"),
        CheckConstraint(one_of("role", Role), name="role"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class SignInSession(Base):
    """One browser in which a person is signed in. Only a hash of its secret is kept."""

    __tablename__ = "sign_in_session"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    epoch: Mapped[int]
    # When a code of the authenticator was last given here; None where a recovery code stood in for one.
    proved_at: Mapped[datetime | None]
    # Such as 'Chrome on Windows', so that its owner knows it again.
    browser: Mapped[str] = mapped_column(String(60), default="")
    idle_until: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class PasswordProof(Base):
    """One browser in which a person gave the right password, for the few minutes until the code follows.

    It opens nothing by itself. With a set-up link, or after a recovery code, it opens the set-up of an authenticator.
    """

    __tablename__ = "password_proof"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    # Both as they were then: whatever raises either ends this too.
    epoch: Mapped[int]
    generation: Mapped[int]
    is_from_known_place: Mapped[bool]
    may_enrol: Mapped[bool] = mapped_column(default=False)
    setup_link_id: Mapped[UUID | None] = mapped_column(ForeignKey("setup_link.id"))
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SetupLink(Base):
    """A single-use link with which a person sets up their account: a password, if there is none, and an authenticator.

    Only a keyed hash of its secret half is kept.
    """

    __tablename__ = "setup_link"

    selector: Mapped[str] = mapped_column(String(24), unique=True)
    verifier_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    # How often it led to a new key for an authenticator.
    openings: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    # Under our key, a short code that is said over the phone and asked for with the password; None where none is.
    spoken_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    person: Mapped[Person] = relationship()


class AccountLink(Base):
    """A single-use link, mailed to the address on record, that helps somebody to log in again; it opens nothing alone.

    Only a keyed hash of its secret half is kept.
    """

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint(one_of("purpose", LinkPurpose), name="purpose"),)

    purpose: Mapped[str] = mapped_column(String(20))
    selector: Mapped[str] = mapped_column(String(24), unique=True)
    verifier_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class ForgottenPassword(Base):
    """An address that was typed where a forgotten password is told, until the worker has looked whose it is.

    It is kept for known and unknown people alike, so that neither the words nor the time of the answer tell which.
    """

    __tablename__ = "forgotten_password"

    email_key: Mapped[str] = mapped_column(String(254), unique=True)


class EmailChange(Base):
    """A change of a person's email address: asked for, confirmed from the new mailbox, and for a while undone at will.

    Its links hold no secret of this table: they are made from its id with the service's own key.
    """

    __tablename__ = "email_change"
    __table_args__ = (
        CheckConstraint(one_of("state", ChangeState), name="state"),
        CheckConstraint("(confirmed_at IS NULL) = (undo_until IS NULL)", name="confirmed_can_be_undone"),
        Index(
            "uq_email_change_pending",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=ChangeState.PENDING)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    email_collision: Mapped[str] = mapped_column(String(254))
    personal_because: Mapped[str] = mapped_column(String(200), default="")
    old_email: Mapped[str] = mapped_column(String(254))
    old_key: Mapped[str] = mapped_column(String(254))
    old_collision: Mapped[str] = mapped_column(String(254))
    old_personal_because: Mapped[str] = mapped_column(String(200), default="")
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class ApiToken(Base):
    """Lets a program act for an agent. Only a hash is kept; the token is shown once."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_person_id", "person_id"),)

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    epoch: Mapped[int]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
