"""Amounts of money in capital characters (大写), as payment papers carry them against alteration."""

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """1,409.50 → 壹仟肆佰零玖元伍角. Yuan and fen, from 0 to below 10,000 万亿.

    By 《支付结算办法》, annex 1: 整 stands after 元, may be left out after 角 (it is here), and never stands after 分.
    """
    fen = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 <= fen < 10**18:
        raise ValueError(f"{amount} can't be written in capitals")
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{whole or '零元'}整"
    small = f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return whole + small + (f"{_DIGITS[fen]}分" if fen else "")


def _whole(yuan: int) -> str:
    """A number in groups of four digits, each with its 万 or 亿; a gap of zeros is read once."""
    parts: list[str] = []
    for group in range(3, -1, -1):
        four = yuan // 10 ** (4 * group) % 10_000
        if not four:
            continue
        gap = bool(parts) and (four < 1_000 or yuan // 10 ** (4 * group + 4) % 10_000 == 0)
        parts.append(("零" if gap else "") + _four(four) + _GROUPS[group])
    return "".join(parts)


def _four(number: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return said
