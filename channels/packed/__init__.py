"""Files that hold other files, opened within limits: archives, Outlook mails, winmail.dat, signed and encoded mails."""
