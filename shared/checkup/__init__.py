"""The check-up: is all that a first morning needs true in the tenant and in the app, and if not, what mends it?"""
