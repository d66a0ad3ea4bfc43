"""What the product asks of a Microsoft Entra tenant, by subject: plain values, and the protocols that deal in them.

Pure: an adapter of the same name stands beside this package. Every instant is aware and in UTC. No call repeats itself:
what is not a GET is sent exactly once, and the caller decides from the error (`shared.tenant.errors`) whether it may
have happened all the same.
"""
