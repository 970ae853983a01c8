"""A small land of its own: one city, one scheme, figures that a test can change line by line."""

import pytest

from shebao.policy import loading

NAMES = """
series:
  - {parameter: city_name, unit: text, title: 城市, entries: [{from: 2000-01, text: 全国, source: 例, evidence: S}]}
  - {parameter: scheme_name, scheme: pension, unit: text, title: 险种,
     entries: [{from: 2000-01, text: 养老保险, source: 例, evidence: S}]}
"""
PENSION = """
scheme: pension
dues:
  employee: {from: 2020-01, of: [base_floor, base_ceiling, employer_rate, personal_rate]}
series:
  - parameter: base_floor
    unit: yuan_per_month
    title: 缴费基数下限
    entries:
      - {from: 2020-01, until: 2020-12, value: null, source: 未查到, evidence: N}
      - {from: 2021-01, until: 2021-12, value: "3000", source: 通知一, evidence: V2}
      - {from: 2022-01, value: "3300", source: 通知二, evidence: V2}
  - parameter: base_ceiling
    unit: yuan_per_month
    title: 缴费基数上限
    entries:
      - {from: 2020-01, value: "20000", source: 通知一, evidence: V2}
  - parameter: employer_rate
    kind: employee
    unit: share
    title: 单位缴费比例
    entries:
      - {from: 2020-01, value: "0.16", source: 办法, evidence: V1}
  - parameter: personal_rate
    kind: employee
    unit: share
    title: 个人缴费比例
    entries:
      - {from: 2020-01, value: "0.08", source: 办法, evidence: V1}
"""
CITY_NAME = """
series:
  - {parameter: city_name, unit: text, title: 城市, entries: [{from: 2000-01, text: 江城, source: 例, evidence: S}]}
"""


class Land:
    """A policies/ folder in which a test replaces words."""

    def __init__(self, folder):
        self.folder = folder
        self.cited = {}  # terms id → first and last month of dues
        for city, name, text in (
            ("china", "names.yaml", NAMES),
            ("999900-jiangcheng", "names.yaml", CITY_NAME),
            ("999900-jiangcheng", "pension.yaml", PENSION),
        ):
            (folder / city).mkdir(exist_ok=True)
            (folder / city / name).write_text(text, encoding="utf-8")

    def change(self, old, new, file="999900-jiangcheng/pension.yaml"):
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def write(self, file, text):
        (self.folder / file).write_text(text, encoding="utf-8")

    def problems(self, **asked):
        return loading.check(self.folder, **asked)

    def load(self, **asked):
        return loading.load(self.folder, cited=self._citations, **asked)

    def _citations(self, terms_ids):
        return {i: months for i, months in self.cited.items() if i in terms_ids}


@pytest.fixture
def land(tmp_path):
    return Land(tmp_path)
