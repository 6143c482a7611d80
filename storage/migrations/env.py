"""Alembic's entry: runs the migrations on the connection it is given."""

from alembic import context
from sqlmodel import SQLModel

import storage.agreement
import storage.attachment
import storage.audit
import storage.capture
import storage.draft
import storage.enquiry
import storage.escalation
import storage.identity
import storage.mark
import storage.message
import storage.notice
import storage.pressed
import storage.queue_order
import storage.referral
import storage.reserve
import storage.saved_view
import storage.searching
import storage.sound_shape
import storage.staff
import storage.work  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
context.run_migrations()
