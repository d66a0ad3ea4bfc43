"""What a person sees of the sandbox in a browser: index, inbox, sign-in, lock screen, log of requests.

Plain HTML from the tenant's state, own style sheets and small scripts, nothing from elsewhere. Every page says that
it is a sandbox, and none borrows a real company's name or mark.
"""
