"""The district offices of the agency: Wuhan's thirteen districts by their GB/T 2260 codes, and its three zones.

The zones have agencies of their own but no code of the standard; theirs are ours. Addresses are fictional.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Office:
    code: str
    district: str

    @property
    def name(self) -> str:
        return f"武汉市{self.district}社会保险管理处"

    @property
    def address(self) -> str:
        return f"武汉市{self.district}示例路1号"


OFFICES = tuple(
    Office(code, district)
    for code, district in (
        ("420102", "江岸区"),
        ("420103", "江汉区"),
        ("420104", "硚口区"),
        ("420105", "汉阳区"),
        ("420106", "武昌区"),
        ("420107", "青山区"),
        ("420111", "洪山区"),
        ("420112", "东西湖区"),
        ("420113", "汉南区"),
        ("420114", "蔡甸区"),
        ("420115", "江夏区"),
        ("420116", "黄陂区"),
        ("420117", "新洲区"),
        ("4201D1", "东湖新技术开发区"),
        ("4201D2", "武汉经济技术开发区"),
        ("4201D3", "东湖生态旅游风景区"),
    )
)
HOURS = "周一至周五 9:00—12:00，13:30—17:00"
