"""Add where an organisation is, so that two pharmacies of one name can be told apart."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("organisation", sa.Column("address", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("organisation") as organisation:
        organisation.alter_column("address", server_default=None)


def downgrade() -> None:
    op.drop_column("organisation", "address")
