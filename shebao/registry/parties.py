"""Who pays and who acts: an employer or a person.

Both draw their ids from one sequence (`registry_party_number`), so a payer is one bigint and needs no
second column to say which kind it is; a person whose payer is himself is a flexible worker.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    kind: str  # employer | person
    id: int
    name: str
    number: str  # 单位编号 or 个人编号
