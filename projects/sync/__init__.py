"""Field sync: what tablets did without network comes in exactly once, and what changed meanwhile goes out.

docs/sync.md has the protocol. ``push`` takes operations, ``photos`` the bytes, ``changes`` gives what is new.
"""
