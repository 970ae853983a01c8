"""Numbers that are valid in form and belong to nobody we know of.

ID numbers take the sequences from 900 upwards, 990 to 999 as long as they last: police stations number from below, so
these are the rarest. Coincidence can't be excluded: never send a message to any of them, never ask a service about one.
Mobile numbers come from five blocks that are used as samples of the format; several people share one.
"""

from random import Random

from shebao.foundation.identifiers import IdNumber, OrgCode, Uscc

# GB/T 2260: the districts of Wuhan, those of its old counties that were still on cards, and places people came from.
_AREAS = (
    "420102 420103 420104 420105 420106 420107 420111 420112 420113 420114 420115 420116 420117"
    " 420121 420122 420123 420124 420202 420502 420602 420902 421002 421102 421202 410102 430102 360102 340102"
)
AREAS = tuple(_AREAS.split())
SEQUENCES = (range(990, 1000), range(900, 990))
_MOBILE_BLOCKS = ("1310000", "1590000", "1770000", "1890000", "1990000")


class IdNumbers:
    """Gives out ID numbers, none of them twice."""

    def __init__(self, sequences: tuple[range, ...] = SEQUENCES):
        self._given: set[str] = set()
        self._sequences = sequences

    def draw(self, random: Random, born: str, sex: str) -> str:
        """A number for somebody born on this day (YYYYMMDD), sex M or F."""
        odd = 1 if sex == "M" else 0
        for sequences in self._sequences:
            fitting = [n for n in sequences if n % 2 == odd]
            for _ in range(12):
                first17 = f"{random.choice(AREAS)}{born}{random.choice(fitting)}"
                if first17 not in self._given:
                    self._given.add(first17)
                    return first17 + IdNumber.check_digit(first17)
        raise RuntimeError(f"no ID number left for somebody born on {born}; make a smaller city")


def uscc(number: int, area: str) -> str:
    """A 统一社会信用代码 of an enterprise with a valid inner organisation code; the same for the same number."""
    alphabet, code = "0123456789ABCDEFGHJKLMNPQRTUWXY", ""
    for _ in range(4):
        number, digit = divmod(number, len(alphabet))
        code = alphabet[digit] + code
    body = "MADE" + code
    first17 = f"91{area}{body}{OrgCode.check_digit(body)}"
    return first17 + Uscc.check_digit(first17)


def card_number(number: int) -> str:
    """A 社会保障卡卡号: a letter and eight digits, scattered, different for each number below 10^8."""
    return f"S{number * 39_916_801 % 10**8:08d}"


def mobile(number: int) -> str:
    return f"{_MOBILE_BLOCKS[number // 10_000 % len(_MOBILE_BLOCKS)]}{number * 7919 % 10_000:04d}"


def bank_tail(number: int) -> str:
    return f"{number * 7_368_787 % 10**6:06d}"


def complete(first17: str) -> str:
    """The ID number that begins so."""
    return first17 + IdNumber.check_digit(first17)
