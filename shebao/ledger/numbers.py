"""凭单号: the number of a slip, which is all that the bank or the tax office asks for."""

from shebao.foundation.months import Month

LENGTH = 21
_SERIAL_DIGITS = 8


def slip_number(city: str, month: Month, serial: int) -> str:
    """City code, month, serial and a check digit, e.g. 420100 202611 00000042 4."""
    body = f"{city}{month.year:04d}{month.month:02d}{serial:0{_SERIAL_DIGITS}d}"
    if len(body) != LENGTH - 1 or not body.isdecimal():
        raise ValueError(f"no slip number can be made of city {city!r} and serial {serial}")
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The last digit of a number with this body."""
    # ISO 7064, MOD 11,10: finds every single wrong digit and nearly every swapped pair, which Luhn does not.
    product = 10
    for digit in body:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
