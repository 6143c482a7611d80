"""The pages anybody may see: ways to reach us, the form, the reference, and whether it has been read."""

from gateway.public.form import form_page, receipt_page
from gateway.public.routes import public_router

__all__ = ["form_page", "public_router", "receipt_page"]
