"""The log-ins of the demo: one of each kind that shows something, all with one password."""

from dataclasses import dataclass
from unicodedata import east_asian_width

from demo import identifiers
from demo.cast import LARGE, ORDINARY, OWING, PLACE, TRUSTED
from demo.models import City
from demo.offices import OFFICES
from shebao.identity import accounts, passwords
from shebao.identity.acting import system
from shebao.identity.models import Kind, Role
from shebao.registry.models import Card, Employer, Person

PASSWORD = "Jiangcheng-2026"
_CLERK = frozenset({Role.FILER, Role.PAYER, Role.ADMIN})
_REVIEWS = frozenset({Role.REVIEWER})
_BOOKS = frozenset({Role.LEDGER})


@dataclass(frozen=True)
class Login:
    """`employer` is a place in the list of employers, `person` a part of the cast."""

    username: str
    kind: Kind
    name: str
    try_this: str
    roles: frozenset[str] = frozenset()
    employer: int | None = None
    person: str = ""
    office: str = ""
    must_change: bool = False


LOGINS = (
    Login(
        "danwei",
        Kind.EMPLOYER,
        "张敏",
        "普通单位：增员一人，看退回的待办；刘伟有欠费，不能暂停",
        _CLERK,
        ORDINARY,
    ),
    Login(
        "danwei-vip",
        Kind.EMPLOYER,
        "李娜",
        "VIP 单位：增员提交后几秒内自动通过；签发接口密钥",
        _CLERK,
        TRUSTED,
    ),
    Login(
        "danwei-qianfei", Kind.EMPLOYER, "王涛", "欠费单位：核定欠费和滞纳金，生成或退回补缴单", _CLERK, OWING
    ),
    Login("danwei-da", Kind.EMPLOYER, "陈静", "大单位：几千人的花名册，批量暂停", _CLERK, LARGE),
    Login(
        "danwei-xin",
        Kind.EMPLOYER,
        "周洋",
        "同一单位的第二位经办人，只有业务经办的权限；初次登录先修改密码",
        frozenset({Role.FILER}),
        ORDINARY,
        must_change=True,
    ),
    Login(
        "geren",
        Kind.PERSON,
        "王晓兰",
        "二十多年的缴费，换过单位，当过灵活就业人员；打印对账单",
        person="person",
    ),
    Login("linghuo", Kind.PERSON, "陈海燕", "灵活就业人员，欠两个月", person="flexible"),
    Login("tuixiu", Kind.PERSON, "张建国", "退休人员", person="pensioner"),
    Login("shenhe", Kind.AGENCY, "赵丽", "江岸区审核：普通单位的办件", _REVIEWS, office="420102"),
    Login(
        "fuhe",
        Kind.AGENCY,
        "孙悦",
        "江岸区复核：单位登记和 VIP 申请要两位经办人员先后通过",
        _REVIEWS,
        office="420102",
    ),
    Login(
        "zhangwu",
        Kind.AGENCY,
        "钱进",
        "账务：运行核定，导入到账文件，处理挂账，追溯调整",
        _BOOKS,
        office="420102",
    ),
    Login("zhangwu2", Kind.AGENCY, "孙洁", "账务复核：复核别人提出的退款", _BOOKS, office="420102"),
    Login(
        "dengji",
        Kind.AGENCY,
        "吴芳",
        "登记台：单位档案、密码条、个人身份核对、稽核、停办",
        frozenset({Role.REGISTRY}),
        office="420102",
    ),
    Login("jiandu", Kind.AGENCY, "郑刚", "监督：全市只读", frozenset({Role.SUPERVISOR}), office="420102"),
    Login("zhengce", Kind.AGENCY, "何平", "政策参数", frozenset({Role.POLICY}), office="420102"),
)
# Beside them a reviewer for each of the other offices; they aren't all printed.
REVIEWERS = tuple(
    Login(
        f"shenhe-{office.code.lower()}",
        Kind.AGENCY,
        f"审核（{office.district}）",
        "",
        _REVIEWS,
        office=office.code,
    )
    for office in OFFICES
    if office.code != "420102"
)


def open_all(city: City) -> None:
    """Open the accounts of all log-ins."""
    employers = Employer.objects.in_bulk(
        [city.first_employer + at for at in (ORDINARY, TRUSTED, OWING, LARGE)]
    )
    people = Person.objects.in_bulk([city.first_person + PLACE[key] for key in PLACE])
    secret = passwords.hashed(PASSWORD)  # once: hashing is slow on purpose
    accounts.open_many(
        [_opening(login, city, employers, people, secret) for login in (*LOGINS, *REVIEWERS)],
        by=system("demo"),
    )


def _opening(login: Login, city: City, employers, people, secret: str) -> accounts.Opening:
    employer = None if login.employer is None else employers[city.first_employer + login.employer]
    person = people[city.first_person + PLACE[login.person]] if login.person else None
    return accounts.Opening(
        username=login.username,
        kind=login.kind,
        display_name=login.name,
        password=secret,
        person_id=person and person.id,
        employer_id=employer and employer.id,
        party_name=employer.name if employer else login.name if person else "",
        grade=employer.grade if employer else "",
        roles=login.roles,
        office_code=login.office or (employer.office_id if employer else ""),
        mobile=person.mobile if person else "",
        must_change_password=login.must_change,
    )


def in_words(city: City) -> list[str]:
    """The table of log-ins, and the numbers that the tour asks for, as lines."""
    rows = [("端", "用户名", "密码", "是谁", "可以试试")]
    names = dict(Employer.objects.filter(id__lt=city.first_employer + 4).values_list("id", "name"))
    districts = {office.code: office.name for office in OFFICES}
    for login in LOGINS:
        whose = districts.get(login.office, "")
        if login.employer is not None:
            whose = names[city.first_employer + login.employer]
        who = f"{login.name}（{whose}）" if whose else login.name
        rows.append((str(login.kind.label), login.username, PASSWORD, who, login.try_this))
    others = "其他各处的审核人员：用户名 shenhe-处代码，例如 " + "、".join(
        f"{login.username}（{districts[login.office]}）"
        for login in REVIEWERS
        if login.office in ("420106", "420111")
    )
    return [*_aligned(rows), others, "", *_numbers(city)]


def _numbers(city: City) -> list[str]:
    people = Person.objects.in_bulk([city.first_person + place for place in PLACE.values()])
    by_key = {key: people[city.first_person + place] for key, place in PLACE.items()}
    fresh = by_key["unregistered"]
    card = Card.objects.get(person_id=fresh.id).number
    return [
        f"还没有注册的参保人：{fresh.name}  身份证号码 {fresh.id_number}  个人编号 {fresh.personal_number}",
        f"    社会保障卡卡号 {card}  手机 {fresh.mobile}  银行账号后六位 {fresh.bank_tail}",
        "可以增员的新人（档案里没有）：" + "  ".join(f"{name} {number}" for name, number in strangers()),
        "批量增员的名单：bin/shebao demo_roster --rows 3000 --out zengyuan.xlsx",
        f"可以续保：{_named(by_key['paused'])}",
        f"不能增员：{_named(by_key['elsewhere'])}（仍在其他单位）  {_named(by_key['flexible'])}（个人流动窗口）"
        f"  {_named(by_key['student'])}（大学生医保）",
        f"不能暂停：{_named(by_key['owing'])}（在 danwei 单位有欠费）",
    ]


def strangers() -> list[tuple[str, str]]:
    """Names and ID numbers of people whom the archive does not know; the city never gives out such sequences."""
    return [
        (name, identifiers.complete(f"42010{area}{born}{sequence}"))
        for name, area, born, sequence in (
            ("黄一鸣", 2, "19960318", 811),
            ("林晓彤", 6, "19980905", 822),
            ("高子轩", 3, "20011122", 833),
        )
    ]


def _named(person: Person) -> str:
    return f"{person.name} {person.id_number}"


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    """How many columns of a terminal it takes; Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
