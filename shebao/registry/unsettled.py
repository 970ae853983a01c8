"""The refusal of a deed that met the facts of the moment: nothing was changed, and the sentence says why."""


class Unsettled(Exception):
    """What was asked can't be done as the archive stands now. `str()` is the sentence for the user."""
