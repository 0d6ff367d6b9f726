"""Logs for machines: one JSON object a line.

Logging is set up before the applications are loaded, so this module imports none of them.
"""

import datetime as dt
import json
import logging
from typing import Any

from django.http import HttpRequest


class JsonFormatter(logging.Formatter):
    """time: RFC 3339, UTC. A failure's traceback stands in ``exception``."""

    def format(self, record: logging.LogRecord) -> str:
        when = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, Any] = {
            "time": when.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            line["request_id"] = getattr(request, "request_id", "")
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
