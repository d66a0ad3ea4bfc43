"""A local stand-in for Microsoft Entra, Graph and Intune: plain HTTP on loopback, state in memory.

What it imitates, and how far, is listed rule by rule in `tests/sandbox/tenant/rules.py`.
"""
