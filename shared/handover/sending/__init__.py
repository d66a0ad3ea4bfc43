"""Who hears of what, and when: notice and link, news, reminders."""
