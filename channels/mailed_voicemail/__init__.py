"""Voicemail that a telephone system sends as mail: who rang, how long they spoke, and the sound."""

from channels.mailed_voicemail.box import VoicemailBox
from channels.mailed_voicemail.parse import CARRIER, MailedVoicemail

__all__ = ["CARRIER", "MailedVoicemail", "VoicemailBox"]
