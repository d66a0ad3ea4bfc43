"""The languages in which page and mails speak to managers and hires: which one, its words, its dates."""
