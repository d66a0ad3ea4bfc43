"""The mails, and the texts with codes, as pure functions of a few facts. Who gets them, and when, is for `sending`."""
