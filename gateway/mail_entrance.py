"""How the mail door stands open, by its settings."""

from __future__ import annotations

from channels.email.crowd import CrowdLimits
from channels.email.entrance import Entrance
from gateway.core import Core
from gateway.mail_setting_rules import REQUIRED, certificate
from gateway.settings import PREFIX, WrongSetting


def mail_entrance(core: Core) -> Entrance:
    """Raises ``WrongSetting`` for a certificate that has gone since the settings were read."""
    settings = core.settings
    try:
        pair = certificate(settings.smtp_tls_cert, settings.smtp_tls_key, asked=settings.smtp_tls, prefix=PREFIX)
    except ValueError as error:
        raise WrongSetting(str(error)) from None
    return Entrance(
        lmtp=settings.lmtp, certificate=pair, must_encrypt=settings.smtp_tls == REQUIRED, shelf=core.shelving,
        limits=CrowdLimits(
            in_all=settings.smtp_connections, at_once=settings.smtp_connections_per_peer,
            a_minute=settings.smtp_connections_per_minute,
        ),
    )  # fmt: skip
