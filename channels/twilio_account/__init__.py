"""The account with the telephony provider that the phone, voicemail and text channels share."""

from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.client import TwilioClient
from channels.twilio_account.errors import Refusal, refusal
from channels.twilio_account.signature import SignedForm, TwilioSignature, form_of

__all__ = ["Refusal", "SignedForm", "TwilioAccount", "TwilioClient", "TwilioSignature", "form_of", "refusal"]
