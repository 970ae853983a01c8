"""Log lines without anybody's ID number, with the number of the request they belong to."""

import logging
import re

from config import request_ids

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{10}(\d{3}[\dXx])(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """Replace the birth date and the area's last two digits in each 18-digit ID number."""
    return _ID_NUMBER.sub(r"\1**********\2", text)


class Masked(logging.Formatter):
    """Masks the finished line, so that arguments and tracebacks are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class Numbered(logging.Filter):
    """Adds the request's number to the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_ids.current.get()
        return True
