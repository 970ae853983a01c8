"""The refusal of a deed that met the facts of the moment."""


class Unsettled(Exception):
    """What was asked can't be done as things stand now; nothing was changed. `sentence` is for the user."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


class Busy(Unsettled):
    """Somebody else holds what the deed needs. Nothing speaks against it: whoever can wait does it again later."""
