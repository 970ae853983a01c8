"""What every workbook of the hall shares: how it lies on paper, and how high a row of wrapped text has to be.

The heights are written into the file: a program that believes the file reckons none of its own, and cuts the text.
"""

import math

LINE = 15  # points
_HAN = 2  # digits, in which the width of a column is counted; any other character is taken for one
_MARGIN = 0.8  # the same, beside the text of a cell


def on_a4(page, *, heads: tuple[int, int], footer: str, right: str = "", landscape: bool = False) -> None:
    """Print an xlsxwriter sheet as wide as A4, with the rows of its heads (first and last, from 0) on each page."""
    page.set_paper(9)
    page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.repeat_rows(*heads)
    if landscape:
        page.set_landscape()
    left, right = (text.replace("&", "&&") for text in (footer, right))
    # A space behind the size: of a text that begins with a digit, this would be part of the size.
    page.set_footer(f"&L&8 {left}&C&8 第 &P 页，共 &N 页&R&8 {right}")


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes, wrapped, in a column of this width (in digits)."""
    digits = sum(_HAN if ord(character) > 0x2E80 else 1 for character in text)
    if digits <= width - _MARGIN:
        return 1
    # A character that doesn't fit goes to the next line whole.
    return math.ceil(digits / max(_HAN, width - _HAN))
