"""The text that a site is found by: its code, name, and the name's pinyin in full and by initials."""


def search_text(*parts: str) -> str:
    """Lower case; ``富拉尔基`` also gives ``fulaerji`` and ``flej``."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a quarter of a second

    text = " ".join(part for part in parts if part)
    full = "".join(lazy_pinyin(text))
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return f"{text} {full} {initials}".lower()[:400]
