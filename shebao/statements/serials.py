"""What is printed on a statement so that a stranger can ask about it: its serial and its verification code.

A serial reads `420100-261122-K7QM-4XZ2-P`: city, day of issue, eight random characters, one check character. Who
has the serial alone learns nothing: the code beside it (80 random bits) is kept only as a digest.
"""

import hashlib
import hmac
import re
import secrets
from datetime import date

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O, which people confuse
CODE_LENGTH = 16  # 80 bits; the rule for codes asks for 60
_ALL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WRITTEN = re.compile(rf"\d{{6}}-\d{{6}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]")
_DASHED = (6, 12, 16, 20)


def new_serial(city: str, day: date) -> str:
    """A serial nobody has been given, as far as chance goes (40 bits a day); the key table has the last word."""
    while True:
        body = f"{city}{day:%y%m%d}" + "".join(secrets.choice(ALPHABET) for _ in range(8))
        check = check_character(body)
        if check in ALPHABET:
            return _written(body + check)


def read_serial(raw: str) -> str | None:
    """The serial somebody typed, in its written form; None when a character is wrong, missing or swapped."""
    plain = re.sub(r"[\s\-—–]", "", raw).upper()
    plain = plain[:12].translate(str.maketrans("OIL", "011")) + plain[12:]
    written = _written(plain)
    if not WRITTEN.fullmatch(written) or check_character(plain[:-1]) != plain[-1]:
        return None
    return written


def check_character(body: str) -> str:
    """The check character by ISO/IEC 7064, MOD 37,36: finds any one wrong character and most swaps."""
    rest = 36
    for character in body:
        rest = (rest + _ALL.index(character)) % 36 or 36
        rest = rest * 2 % 37
    return _ALL[(37 - rest) % 36]


def new_code() -> str:
    """A verification code in groups of four: `K7QM-4XZ2-9WBC-TEFG`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(drawn[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def code_digest(serial: str, code: str) -> str:
    """What is kept of a code. It is bound to its serial; 80 random bits need no slow hash."""
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())
    return hashlib.sha256(f"{serial}:{plain}".encode()).hexdigest()


def code_matches(serial: str, code: str, digest: str) -> bool:
    return hmac.compare_digest(code_digest(serial, code), digest)


def _written(plain: str) -> str:
    edges = (0, *_DASHED, len(plain))
    return "-".join(plain[a:b] for a, b in zip(edges, edges[1:], strict=False))
