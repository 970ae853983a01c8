"""What a reader raises when what somebody wrote can't be taken as it stands."""

from django.utils.translation import gettext as _


class Unreadable(ValueError):
    """Carries the sentence the user reads: what is wrong, then how to put it right. It never repeats the input."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class Missing(Unreadable):
    """Nothing was written at all."""

    def __init__(self, sentence: str | None = None):
        super().__init__(_("还没有填写，请填写") if sentence is None else sentence)
