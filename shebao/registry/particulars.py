"""A person's general particulars (个人一般信息): what they may be, and how they change. What stood there before stays.

The codes are those of GB/T 4658 (education), GB/T 2261.2 (marital state) and GB/T 3304 (ethnicity).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from shebao import audit, notices
from shebao.foundation import clock, ids, masks, sql
from shebao.foundation.identifiers import Mobile
from shebao.identity import accounts
from shebao.identity.acting import Acting
from shebao.registry.models import Person, PersonChange

_SQL = sql.queries("shebao.registry", "particulars.sql")


class Education(models.TextChoices):
    POSTGRADUATE = "10", _("研究生")
    BACHELOR = "20", _("大学本科")
    COLLEGE = "30", _("大学专科")
    VOCATIONAL = "40", _("中等职业教育")
    SENIOR = "60", _("普通高中")
    JUNIOR = "70", _("初中")
    PRIMARY = "80", _("小学")
    OTHER = "90", _("其他学历")


class MaritalState(models.TextChoices):
    SINGLE = "10", _("未婚")
    MARRIED = "20", _("已婚")
    WIDOWED = "30", _("丧偶")
    DIVORCED = "40", _("离婚")
    UNSAID = "90", _("未说明")


_ETHNICITIES = (
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮",
    "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼",
    "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜",
    "水", "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔", "仫佬",
    "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米",
    "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固",
    "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
)  # fmt: skip
# Their names are what the identity card says and stay Chinese in every language.
Ethnicity = models.TextChoices(
    "Ethnicity", [(f"E{code:02d}", (f"{code:02d}", f"{name}族")) for code, name in enumerate(_ETHNICITIES, 1)]
)

FIELDS = ("education", "marital_state", "ethnicity", "mobile", "phone", "hukou_place", "address", "photo")
"""What is changed here. Name, sex, birth date and ID number are key data: the agency's counter changes those."""


@dataclass(frozen=True)
class Amendment:
    """New particulars of one person: by field what is to stand there, "" for nothing."""

    person_id: int
    fields: Mapping[str, str]
    source: str


def on_file(id_numbers: Iterable[str]) -> dict[str, dict[str, str]]:
    """ID number → what is on file by field, for those that the archive knows: one query."""
    rows = sql.rows(_SQL["on_file"], {"id_numbers": [str(number) for number in id_numbers]})
    return {row.pop("id_number"): row for row in rows}


def amend_many(amendments: Sequence[Amendment], *, by_name: str) -> int:
    """Let these stand from now on; each that differs leaves a line with what stood there before. Answers how many did.

    The people's rows must be locked before. ValueError for a field that isn't one of FIELDS.
    """
    strange = {name for one in amendments for name in one.fields} - set(FIELDS)
    if strange:
        raise ValueError(f"not particulars: {', '.join(sorted(strange))}")
    if not amendments:
        return 0
    params = {
        "person_ids": [one.person_id for one in amendments],
        "fields": [Jsonb(dict(one.fields)) for one in amendments],
        "sources": [one.source for one in amendments],
        "by_name": by_name[:200],
        "now": clock.now(),
    }
    # Two statements that see the same rows: first what differs is written down, then it is changed.
    with sql.run(_SQL["keep"], params) as cursor:
        changed = cursor.rowcount
    if changed:
        sql.run(_SQL["amend"], params).close()
    return changed


@dataclass(frozen=True)
class Written:
    """Who wrote what stands in one field now, and when. `by_name` is empty for what came with the archive."""

    at: datetime
    by_name: str
    source: str

    @property
    def by_an_employer(self) -> bool:
        return self.source.startswith("case:")


def written(person: Person) -> dict[str, Written]:
    """By field, who last wrote it; a field that was never changed stands as it did when the person was added."""
    first = Written(person.created_at, "", person.source)
    last = PersonChange.objects.filter(person_id=person.pk).order_by("field", "-changed_at").distinct("field")
    return dict.fromkeys(FIELDS, first) | {
        one.field: Written(one.changed_at, one.by_name, one.source) for one in last
    }


def mobile_is_his(person: Person) -> bool:
    """Whether the mobile on file proves who somebody is: not where a case of his employer wrote it."""
    return bool(person.mobile) and not written(person)["mobile"].by_an_employer


@transaction.atomic
def confirm_mobile(person_id: int, mobile: Mobile, *, by: Acting) -> bool:
    """At a counter, with his identity card: this is his mobile. Answers whether another stood there before.

    It leaves a line also where it stays the same, and proves from now on who he is; his account follows.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    before, now = person.mobile, clock.now()
    PersonChange.objects.create(
        person=person,
        source=f"counter:{ids.uuid7()}",
        field="mobile",
        before=before,
        after=mobile,
        by_name=by.in_words[:200],
        changed_at=now,
    )
    person.mobile = mobile
    person.save(update_fields=["mobile"])
    accounts.reached_at(person_id, mobile)
    ref, seen = f"person:{person_id}", masks.mobile(mobile)
    details = {"before": masks.mobile(before), "after": seen}
    audit.record("person.mobile-confirmed", ref, by=by, person_id=person_id, details=details)
    facts = {"office": by.party_name, "day": clock.today(), "mobile": seen}
    notices.later("mobile-confirmed", to=ref, about=ref, **facts)
    return before != mobile


LABELS = {
    "education": _("文化程度"),
    "marital_state": _("婚姻状况"),
    "ethnicity": _("民族"),
    "mobile": _("联系手机"),
    "phone": _("联系电话"),
    "hukou_place": _("户口所在地"),
    "address": _("居住地地址"),
    "photo": _("相片"),
}
_CODES = {"education": Education, "marital_state": MaritalState, "ethnicity": Ethnicity}


@dataclass(frozen=True)
class Change:
    """One particular that was changed, in the reader's words; of photos only that there is one."""

    at: datetime
    what: str
    before: str
    after: str
    by_name: str
    source: str
    confirmed: bool  # it stayed as it was: a counter saw that it is right


def changes(person_id: int, *, fields: Collection[str] = FIELDS, limit: int = 20) -> list[Change]:
    """What was changed of these particulars of a person, newest first."""
    found = PersonChange.objects.filter(person_id=person_id, field__in=fields)
    found = found.order_by("-changed_at", "field")
    return [
        Change(
            one.changed_at,
            str(LABELS.get(one.field, one.field)),
            _in_words(one.field, one.before),
            _in_words(one.field, one.after),
            one.by_name,
            one.source,
            one.before == one.after,
        )
        for one in found[:limit]
    ]


def _in_words(field: str, value: str) -> str:
    if field in _CODES and value:
        return str(_CODES[field](value).label)
    if field == "photo" and value:
        return gettext("有相片")
    return masks.mobile(value) if field == "mobile" else value
