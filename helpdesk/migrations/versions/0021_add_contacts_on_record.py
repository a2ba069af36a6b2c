"""Add the phone number and the second address on record, and until when a person is restricted after a reset."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("sealed_phone", sa.Text(), nullable=True))
        person.add_column(sa.Column("phone_since", sa.DateTime(timezone=True), nullable=True))
        person.add_column(sa.Column("second_email", sa.String(254), nullable=False, server_default=""))
        person.add_column(sa.Column("restricted_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("person") as person:
        person.alter_column("second_email", server_default=None)
        person.create_check_constraint(
            op.f("ck_person_phone_has_a_date"), "(sealed_phone IS NULL) = (phone_since IS NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.drop_constraint(op.f("ck_person_phone_has_a_date"), type_="check")
        for column in ("restricted_until", "second_email", "phone_since", "sealed_phone"):
            person.drop_column(column)
