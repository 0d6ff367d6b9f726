"""A month as weeks of days, from Monday on (GB/T 7408, ISO 8601)."""

import calendar
import datetime as dt
from dataclasses import dataclass

_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2199, 12, 31)


@dataclass(frozen=True)
class Month:
    """first: its first day."""

    first: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        return cls(day.replace(day=1))

    @classmethod
    def read(cls, text: str) -> "Month":
        """``2026-11``. Raises ValueError."""
        first = dt.date.fromisoformat(f"{text}-01")
        if not _FIRST <= first <= _LAST:
            raise ValueError(text)
        return cls(first)

    @property
    def last(self) -> dt.date:
        return self.following.first - dt.timedelta(days=1)

    @property
    def following(self) -> "Month":
        return self.of(self.first + dt.timedelta(days=31))

    @property
    def previous(self) -> "Month":
        return self.of(self.first - dt.timedelta(days=1))

    def weeks(self) -> list[list[dt.date | None]]:
        """Seven days each; None for those of another month."""
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[day if day.month == self.first.month else None for day in week] for week in weeks]

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
