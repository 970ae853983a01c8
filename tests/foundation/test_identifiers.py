"""Numbers of people and organisations. The samples stand in the policy facts; all are made up."""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shebao.foundation import clock
from shebao.foundation.identifiers import BankCard, IdNumber, Mobile, OrgCode, Problem, SocialCard, Uscc
from shebao.foundation.unreadable import Missing, Unreadable

SAMPLES = [
    ("420102199202299993", "男", date(1992, 2, 29)),
    ("420106199305159980", "女", date(1993, 5, 15)),
    ("42011119950607997X", "男", date(1995, 6, 7)),
    ("420117200012319965", "女", date(2000, 12, 31)),
    ("440305199810019952", "男", date(1998, 10, 1)),
    ("420121190203159974", "男", date(1902, 3, 15)),  # the code of Hanyang county, abolished in 1992
    ("420102196001019998", "男", date(1960, 1, 1)),  # a district code younger than its holder
    ("44030419051231995X", "男", date(1905, 12, 31)),
]


@pytest.mark.parametrize(("number", "sex", "born"), SAMPLES)
def test_a_sound_id_number_tells_sex_and_birth_date(number, sex, born):
    read = IdNumber.read(number)
    assert (read, read.sex, read.birth_date) == (number, sex, born)
    assert IdNumber.check(number) is None


@pytest.mark.parametrize(
    "written",
    [
        " 42011119950607997x ",
        "４２０１１１１９９５０６０７９９７ｘ",
        "420111 19950607 997X",
        "\ufeff42011119950607997X",
    ],
)
def test_spaces_full_width_digits_and_a_small_x_are_forgiven(written):
    assert IdNumber.read(written) == "42011119950607997X"


@pytest.mark.parametrize(
    ("number", "problem", "sentence"),
    [
        ("420102199302299990", Problem.DATE, "出生日期不存在"),
        ("420102199202299992", Problem.CHECK_DIGIT, "校验码与前17位对不上"),
        ("42010219920229999", Problem.LENGTH, "应为18位"),
        ("420103840229991", Problem.LENGTH, "应为18位"),
        ("4201021992022999X3", Problem.CHARACTERS, "17位数字加1位数字或X"),
        ("4201021992O2299993", Problem.CHARACTERS, "17位数字加1位数字或X"),
        ("000102199202299993", Problem.PROVINCE, "不是省份代码"),
        ("420102189202299990", Problem.AGE, "超过130年"),
        ("420102203002289990", Problem.FUTURE, "晚于今天"),
        ("42010219921301999X", Problem.DATE, "出生日期不存在"),
    ],
)
def test_an_unsound_id_number_is_refused_with_what_to_do(number, problem, sentence):
    assert IdNumber.check(number, today=date(2026, 11, 2)) == problem
    with pytest.raises(Unreadable, match=sentence) as refusal, clock.fixed(date(2026, 11, 2)):
        IdNumber.read(number)
    assert "请对照身份证" in str(refusal.value)
    assert number not in str(refusal.value)


def test_a_person_may_be_130_years_old_but_not_a_day_more():
    first17 = "42010218961102001"
    number = first17 + IdNumber.check_digit(first17)
    assert IdNumber.check(number, today=date(2026, 11, 2)) is None
    assert IdNumber.check(number, today=date(2026, 11, 3)) == Problem.AGE


def test_a_child_born_today_is_known_but_not_one_born_tomorrow():
    first17 = "42010220261102001"
    number = first17 + IdNumber.check_digit(first17)
    assert IdNumber.check(number, today=date(2026, 11, 2)) is None
    assert IdNumber.check(number, today=date(2026, 11, 1)) == Problem.FUTURE


@pytest.mark.parametrize("cell", [420102199202299000.0, 420102199202299993, 4.2010219920229e17])
def test_a_numeric_cell_has_lost_digits_and_says_to_make_the_column_text(cell):
    with pytest.raises(Unreadable, match="请将身份证号码列设为文本"):
        IdNumber.read(cell)


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u3000"])
def test_an_empty_number_is_missing(nothing):
    for kind in (IdNumber, Uscc, OrgCode, BankCard, SocialCard, Mobile):
        with pytest.raises(Missing):
            kind.read(nothing)


@given(
    st.sampled_from(["4201", "4403", "1101", "8100", "9420"]),
    st.integers(0, 99),
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 17),
    st.sampled_from("0123456789"),
)
def test_any_single_wrong_digit_is_noticed(prefix, county, born, sequence, place, digit):
    first17 = f"{prefix}{county:02d}{born:%Y%m%d}{sequence:03d}"
    number = first17 + IdNumber.check_digit(first17)
    assert IdNumber.check(number, today=date(2026, 1, 1)) is None
    assume(number[place] != digit)
    assert IdNumber.check(number[:place] + digit + number[place + 1 :], today=date(2026, 1, 1)) is not None


@given(st.text(max_size=30))
def test_no_text_whatever_breaks_a_reader(text):
    for kind in (IdNumber, Uscc, OrgCode, BankCard, SocialCard, Mobile):
        try:
            read = kind.read(text)
        except Unreadable as refusal:
            assert re.search("请", str(refusal))
        else:
            assert kind.read(read) == read


def test_a_masked_number_keeps_both_ends():
    assert IdNumber("420102199202299993").masked == "4201**********9993"
    assert Mobile("13100000000").masked == "131****0000"
    assert BankCard("6200000000000000018").masked == "***************0018"


USCCS = [
    "91420102MA4K0T3A23",
    "124201000000000001",
    "52420106000000000K",
    "92420111MA4K0T3A21",
    "91440300MA4K0T3A2Q",
]


@pytest.mark.parametrize("code", USCCS)
def test_a_sound_credit_code_is_read(code):
    assert Uscc.read(f" {code.lower()} ") == code
    assert OrgCode.read(code[8:17]) == code[8:17]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("91420102MA4K0T3A24", "校验位对不上"),
        ("91420102MA4K0T3A2", "应为18位"),
        ("9142010ZMA4K0T3A23", "不用I、O、S、V、Z"),
        (124201000000000001, "列设为文本"),
    ],
)
def test_an_unsound_credit_code_is_refused_with_what_to_do(code, sentence):
    with pytest.raises(Unreadable, match=sentence):
        Uscc.read(code)


def test_a_credit_code_with_a_wrong_organisation_code_inside_is_refused():
    first17 = "91420102MA4K0T3A3"  # the organisation code MA4K0T3A has check digit 2
    with pytest.raises(Unreadable, match="校验位对不上"):
        Uscc.read(first17 + Uscc.check_digit(first17))


@pytest.mark.parametrize("code", ["00000000-0", "MA4KTEST-4", "72588888-7", "WHSBJ001-8", "12345678-8"])
def test_a_sound_organisation_code_is_read_with_or_without_its_hyphen(code):
    assert OrgCode.read(code) == OrgCode.read(code.replace("-", "")) == code.replace("-", "")


@pytest.mark.parametrize(
    ("code", "sentence"), [("12345678-9", "校验码对不上"), ("1234567-8", "8位数字或字母加1位")]
)
def test_an_unsound_organisation_code_is_refused(code, sentence):
    with pytest.raises(Unreadable, match=sentence):
        OrgCode.read(code)


CARDS = [
    "6200000000000000018",
    "6200000000000000026",
    "620000000000000039",
    "62000000000000042",
    "6221880000000000001",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_sound_bank_card_is_read(card):
    assert BankCard.read(" ".join(card[i : i + 4] for i in range(0, len(card), 4))) == card


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        ("6200000000000000019", "校验位对不上"),
        ("62000000", "16至19位"),
        (6.2e18, "列设为文本"),
        ("abcd", "16至19位"),
    ],
)
def test_an_unsound_bank_card_is_refused(card, sentence):
    with pytest.raises(Unreadable, match=sentence):
        BankCard.read(card)


@pytest.mark.parametrize(
    "written", ["13100000000", 13100000000, 13100000000.0, "+8613100000000", "131-0000-0000"]
)
def test_a_mobile_number_is_read_from_text_or_a_numeric_cell(written):
    assert Mobile.read(written) == "13100000000"


@pytest.mark.parametrize("sample", ["15900000001", "17700000002", "18900000003", "19900000004"])
def test_no_operators_segment_is_judged(sample):
    assert Mobile.read(sample) == sample


@pytest.mark.parametrize("written", ["12100000000", "1310000000", "131000000001", "0271234567"])
def test_another_number_is_not_a_mobile(written):
    with pytest.raises(Unreadable, match="1开头的11位数字"):
        Mobile.read(written)


def test_a_card_number_of_nine_is_read():
    assert SocialCard.read("a12345678") == "A12345678"
    assert SocialCard.read(123456789) == "123456789"
    with pytest.raises(Unreadable, match="9位"):
        SocialCard.read("AB1234567")


def test_a_number_does_not_pass_for_an_open_file():
    assert not hasattr(IdNumber("420102199202299993"), "read")
    assert IdNumber.read("420102199202299993")
