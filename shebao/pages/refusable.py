"""Forms whose deed may be refused: what identity says no with goes to the fields that it is about."""

from django import forms
from django.utils.translation import gettext as _

from shebao.identity.login import CHALLENGE
from shebao.identity.refusals import Refused


class RefusableForm(forms.Form):
    """A form that takes a refusal."""

    def refuse(self, refused: Refused) -> None:
        """Show each sentence beside its field, or above the form where it has none."""
        for field, sentence in refused.problems:
            self.add_error(field if field in self.fields else None, sentence)


class QuestionedForm(RefusableForm):
    """A form with the question against robots."""

    def __init__(self, data=None, *, question: str = "", **kwargs):
        super().__init__(data, **kwargs)
        self.fields[CHALLENGE] = challenge(question)

    def pose(self, question: str) -> None:
        """Ask a new question; the answer to the one before is wiped."""
        self[CHALLENGE].label = question  # validation has bound the field with the label it had then
        self.data = self.data.copy()
        self.data.pop(CHALLENGE, None)


def challenge(question: str) -> forms.CharField:
    """The field that this question is answered in."""
    return forms.CharField(
        label=question,
        help_text=_("请写出得数，可以用数字，也可以用汉字。这个问题只用来防止机器自动操作"),
        max_length=10,
        error_messages={"required": _("请回答这个问题")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-s"}),
    )
