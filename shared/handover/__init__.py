"""From a sealed pass to one proven person.

`keys` holds what lets that person at the pass. Two ways lead on from there: `mails` says what is written, and `sending`
who gets it and when; `callers` says who asks, and `collecting` what is answered, on the `pages` that a link opens.
"""
