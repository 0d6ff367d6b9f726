"""The second factor: one-time codes, recovery codes and passkeys, kept and checked with django-allauth's parts.

None of allauth's own pages exists here: its log-in would be a second door beside the one that is guarded.
"""
