"""The keys of a referral stand whole in the index they are found by: each was a look at another page of the table."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("likeness_of_referral", "likeness")
    op.create_index("likeness_of_referral", "likeness", ["referral_id", "key", "kind", "of_sender", "is_checked"])
