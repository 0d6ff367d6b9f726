"""Why a backup was not made or not restored."""


class BackupRefused(Exception):
    """The message is one sentence for the operator, in the active language; nothing was changed."""


class HalfRestored(Exception):
    """What was there could not be put back; it stands aside, and the next restore tries again."""
