"""Model fields of our own value types."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models

from shebao.foundation.months import Month
from shebao.foundation.unreadable import Unreadable


class MonthField(models.DateField):
    """A month, kept as the date of its first day; in Python a Month."""

    description = "a month"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Month.of(value)

    def to_python(self, value):
        if value is None or isinstance(value, Month):
            return value
        if isinstance(value, str) and len(value) == 10:  # a fixture or a serialised first day
            try:
                value = date.fromisoformat(value)
            except ValueError as wrong:
                raise ValidationError(str(wrong)) from wrong
        try:
            return Month.read(value)
        except Unreadable as wrong:
            raise ValidationError(str(wrong)) from wrong

    def get_prep_value(self, value):
        value = models.Field.get_prep_value(self, value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        # A day other than the first would silently widen or narrow a filter.
        if isinstance(value, date | datetime) and value.day != 1:
            raise ValueError(f"{self.name}: {value} is not the first day of a month; use Month.of({value!r})")
        return self.to_python(value).first_day

    def pre_save(self, model_instance, add):
        return models.Field.pre_save(self, model_instance, add)

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs):
        from django import forms

        return models.Field.formfield(self, **{"form_class": forms.CharField, **kwargs})
