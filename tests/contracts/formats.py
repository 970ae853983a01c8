"""What the formats of our schemas mean, so that Schemathesis can send data that is right: also from its command line,
which finds this by schemathesis.toml.
"""

from base64 import b64encode
from datetime import date

import schemathesis
from hypothesis import strategies as st

from shebao.foundation.identifiers import IdNumber

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
BIRTHDAYS = st.dates(date(1950, 1, 1), date(2026, 11, 12))


def encoded(content: bytes) -> str:
    return b64encode(content).decode()


def id_number(born: date, sequence: int) -> str:
    body = f"420102{born:%Y%m%d}{sequence:03d}"
    return body + IdNumber.check_digit(body)


schemathesis.openapi.format("cn-id-number", st.builds(id_number, BIRTHDAYS, st.integers(1, 999)))
schemathesis.openapi.format("person-name", st.text(HAN, min_size=2, max_size=50))
schemathesis.openapi.format("text-line", st.text(HAN, min_size=1, max_size=200))
schemathesis.openapi.format("month", DAYS.map(lambda day: f"{day:%Y-%m}"))
schemathesis.openapi.format("date", DAYS.map(str))
schemathesis.openapi.format("byte", st.binary(min_size=3, max_size=200).map(encoded))
schemathesis.openapi.format("cn-mobile", st.from_regex(r"\A1[3-9][0-9]{9}\Z"))


@schemathesis.hook
def filter_body(context, body) -> bool:
    """JSON Schema has no words for `one row for each person`: a roster with one twice is right by it, and refused."""
    rows = body.get("rows") if isinstance(body, dict) else None
    people = (
        [str(row.get("id_number")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )
    return len(set(people)) == len(people)
