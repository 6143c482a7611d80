"""GOV.UK Notify: texts, mails and letters of ours go out by it, and it calls back with what became of them."""

from channels.notify.account import NotifyAccount
from channels.notify.emails import NotifyEmails
from channels.notify.letters import NotifyLetters
from channels.notify.reports import NotifyReports
from channels.notify.texts import NotifyTexts

__all__ = ["NotifyAccount", "NotifyEmails", "NotifyLetters", "NotifyReports", "NotifyTexts"]
