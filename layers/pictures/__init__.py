"""Photographs from outside: verified and re-encoded in quarantine."""
