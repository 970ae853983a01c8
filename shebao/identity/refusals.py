"""What identity says no with."""

from collections.abc import Collection


class Refused(Exception):
    """Log-in, registration or a change was refused. `problems` are (field, sentence); the field may be empty.

    `asks` names what has to be asked at the next try: "challenge", "mobile_tail".
    """

    def __init__(self, *problems: tuple[str, str], asks: Collection[str] = ()):
        super().__init__("; ".join(str(sentence) for _, sentence in problems))
        self.problems = problems
        self.asks = frozenset(asks)
