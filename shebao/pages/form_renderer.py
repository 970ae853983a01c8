"""Django's forms drawn with our field template: the setting FORM_RENDERER."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """`{{ form }}` and `{{ field.as_field_group }}` come out as the rest of the hall looks."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/form_field.html"
