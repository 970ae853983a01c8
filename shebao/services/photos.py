"""相片: the photo for the social security card, as services ask for it and keep it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from shebao.casework import papers
from shebao.casework.models import Case
from shebao.casework.service import Material
from shebao.foundation import clock, jpeg
from shebao.policy import inforce
from shebao.registry import particulars

NAME = "相片"
_COLOURS = 3


def wanted(asked_of: Callable[[Any, Any, Case], bool]) -> Material:
    """The photo of each row that `asked_of` (row, fact, case) names."""
    return Material(
        NAME,
        per_row=True,
        must_be_uploaded=True,
        asked_of=asked_of,
        kinds=("jpg",),
        inspect=wrong_with,
        hint=hint,
    )


def wrong_with(content: bytes) -> str | None:
    """What is wrong with a photo by the city's rule, for whoever uploads it. What the city has not said isn't asked."""
    picture = jpeg.look(content)
    if picture is None:
        return _("相片文件不完整，请重新导出为 JPG 后再上传")
    if picture.colours != _COLOURS:
        return _("相片应为彩色照片，请重新选择")
    width, height, least, most = (_figure(name) for name in ("width", "height", "least", "most"))
    if width and height and (picture.width, picture.height) != (width, height):
        return _("相片应为 %(width)s×%(height)s 像素，这张是 %(is_width)s×%(is_height)s，请调整后再上传") % {
            "width": width,
            "height": height,
            "is_width": picture.width,
            "is_height": picture.height,
        }
    if (least and len(content) < least * 1024) or (most and len(content) > most * 1024):
        words = {"least": least or 0, "most": most or "…", "size": -(-len(content) // 1024)}
        return _("相片文件应为 %(least)s 到 %(most)s KB，这张是 %(size)s KB，请调整后再上传") % words
    return None


def hint() -> str:
    """How the photo must be, in a few words; empty while the city has not said."""
    width, height, least, most = (_figure(name) for name in ("width", "height", "least", "most"))
    if not (width and height):
        return _("彩色 JPG")
    words = {"width": width, "height": height, "least": least or 0, "most": most or "…"}
    return _("彩色 JPG，%(width)s×%(height)s 像素，%(least)s 到 %(most)s KB") % words


def keep(case: Case, people_of_rows: Mapping[int, int], *, by_name: str) -> None:
    """Put the photos that lie with these rows (number → person id) on file; one that was there before stays known."""
    stored = papers.stored(case, NAME)
    particulars.amend_many(
        [
            particulars.Amendment(person_id, {"photo": stored[number]}, case.row_ref(number))
            for number, person_id in people_of_rows.items()
            if number in stored
        ],
        by_name=by_name,
    )


def _figure(name: str) -> int | None:
    known = inforce.value_or_none(f"photo_{name}", on=clock.today())
    return int(known) if known is not None else None
