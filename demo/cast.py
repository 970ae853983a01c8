"""The people of the demo log-ins and of the tour: each shows something. They have the first numbers of the city."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from demo.employers import Employer
from demo.lives import Births, Spell, legal_retirement

# Places in the list of employers.
ORDINARY, TRUSTED, OWING, LARGE = range(4)


@dataclass(frozen=True)
class Part:
    key: str
    name: str
    sex: str
    years_old: int
    live: Callable[["Stage"], None]


@dataclass(frozen=True)
class Stage:
    """What a life is told with. Months are counted back from this one: `ago(12)` is a year ago."""

    births: Births
    employers: Sequence[Employer]
    person_id: int

    def ago(self, months: int) -> int:
        return self.births.now - months

    def works(
        self, where: int | None, since: int, until: int | None = None, reason: str = "resigned"
    ) -> None:
        """With an employer, or for himself (None), from so many months ago to so many months ago."""
        payer = None if where is None else self.employers[where]
        ends = None if until is None else self.ago(until)
        self.births.spell(
            self.person_id, Spell(payer, self.ago(since), ends, reason if ends is not None else "")
        )


def _long_career(stage: Stage) -> None:
    stage.works(LARGE, 268, 190)
    stage.works(None, 186, 141, "other")
    stage.works(TRUSTED, 140, 71, "contract_ended")
    stage.works(ORDINARY, 66)
    stage.births.pays_for_himself(stage.person_id)


def _settled(stage: Stage) -> None:
    stage.works(TRUSTED, 110)


def _for_herself(stage: Stage) -> None:
    stage.works(LARGE, 230, 96)
    stage.works(None, 90)
    stage.births.pays_for_himself(stage.person_id, owes_since=stage.ago(2))


def _pensioner(stage: Stage) -> None:
    stage.works(LARGE, 400, 60)
    stage.works(ORDINARY, 59, 31, "retired")


def _left_off_the_slip(stage: Stage) -> None:
    stage.works(ORDINARY, 40)
    stage.births.left_unpaid(stage.person_id, stage.employers[ORDINARY], stage.ago(3), stage.ago(2))


def _between_jobs(stage: Stage) -> None:
    stage.works(TRUSTED, 60, 3, "contract_ended")


def _with_another_employer(stage: Stage) -> None:
    stage.works(OWING, 50)


def _leaves(stage: Stage) -> None:
    """A colleague of the ordinary employer whose pause is under way (demo/cases.py)."""
    stage.works(ORDINARY, 26)


def _student(stage: Stage) -> None:
    stage.births.student(stage.person_id, 2)


CAST = (
    Part("person", "王晓兰", "F", 45, _long_career),
    Part("unregistered", "李志明", "M", 33, _settled),
    Part("flexible", "陈海燕", "F", 44, _for_herself),
    Part("pensioner", "张建国", "M", 0, _pensioner),
    Part("owing", "刘伟", "M", 29, _left_off_the_slip),
    Part("paused", "赵敏", "F", 31, _between_jobs),
    Part("elsewhere", "孙强", "M", 35, _with_another_employer),
    Part("has-left", "冯涛", "M", 38, _leaves),
    Part("leaves-too", "曹颖", "F", 30, _leaves),
    Part("leaves", "彭飞", "M", 27, _leaves),
    Part("student", "周思雨", "F", 20, _student),
)
PLACE = {part.key: place for place, part in enumerate(CAST)}


def enter(births: Births, employers: Sequence[Employer], ids: Sequence[int]) -> None:
    """They are born, work and are insured like everybody else."""
    for person_id, part in zip(ids, CAST, strict=True):
        stage = Stage(births, employers, person_id)
        part.live(stage)
        born, retired_from = births.now - part.years_old * 12 - 4, None
        if part.key == "pensioner":
            born = next(month for month in range(births.now - 70 * 12, births.now)
                        if legal_retirement(month, 60) >= stage.ago(31))  # fmt: skip
            retired_from = stage.ago(30)
        births.person(
            person_id,
            part.sex,
            births.day_in(born),
            name=part.name,
            retired_from=retired_from,
            with_card=True,
        )
