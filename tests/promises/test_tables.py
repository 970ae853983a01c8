"""Tables as scale-out asks: owned by somebody, keyed by the person, no float, foreign keys that point down."""

import pytest
from django.apps import apps
from django.db import connection, models

from shebao.foundation import ownership
from tests.promises.house import layers, may_use

OURS = [
    model
    for config in apps.get_app_configs()
    if config.name.startswith("shebao.")
    for model in config.get_models()
]
OF_PERSONS = [model for model in OURS if getattr(model, "ownership", None) == ownership.PERSON]


def names(found) -> list[str]:
    return [model._meta.label for model in found]


def columns(model: type[models.Model], field_names) -> list[str]:
    return [model._meta.get_field(name).attname for name in field_names]


def test_each_model_says_whom_its_rows_belong_to():
    assert not names(model for model in OURS if getattr(model, "ownership", None) not in ownership.ALL)


def test_tables_are_named_after_package_and_model():
    wrong = [
        f"{model._meta.label}: {model._meta.db_table}"
        for model in OURS
        if not model._meta.db_table.startswith(model._meta.app_label + "_")
    ]
    assert not wrong


def test_what_a_person_owns_is_keyed_by_the_person():
    """But for the person itself, whose key is the person's number."""
    wrong = []
    for model in OF_PERSONS:
        key = model._meta.pk
        if isinstance(key, models.CompositePrimaryKey):
            first = columns(model, key.field_names)[0]
        else:
            first = "person_id" if model._meta.label == "registry.Person" else key.attname
        if first != "person_id":
            wrong.append(model._meta.label)
    assert not wrong


def test_what_a_person_owns_counts_by_no_sequence():
    assert not [
        field for model in OF_PERSONS for field in model._meta.fields if isinstance(field, models.AutoField)
    ]


def test_what_is_unique_for_a_person_begins_with_the_person():
    """City-wide numbers have a key table of their own, else they could not be spread over machines."""
    wrong = []
    for model in OF_PERSONS:
        if model._meta.label == "registry.Person":
            continue
        wrong += [str(field) for field in model._meta.fields if field.unique and not field.primary_key]
        for constraint in model._meta.constraints:
            unique = isinstance(constraint, models.UniqueConstraint)
            if unique and columns(model, constraint.fields)[:1] != ["person_id"]:
                wrong.append(f"{model._meta.label}: {constraint.name}")
        wrong += [model._meta.label for together in model._meta.unique_together if together[0] != "person"]
    assert not wrong


def test_no_model_has_a_float():
    assert not [
        str(field) for model in OURS for field in model._meta.fields if isinstance(field, models.FloatField)
    ]


@pytest.mark.django_db
def test_no_table_has_a_float():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type IN ('real', 'double precision', 'money')
               AND split_part(table_name, '_', 1) = ANY (%s)
            """,
            [list(layers())],
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_no_foreign_key_points_up():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname, conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
             WHERE contype = 'f' AND conparentid = 0 AND split_part(conrelid::regclass::text, '_', 1) = ANY (%s)
            """,
            [list(layers())],
        )
        keys = cursor.fetchall()
    wrong = [
        f"{name}: {of} → {to}"
        for name, of, to in keys
        if to.split("_")[0] not in layers() or not may_use(of.split("_")[0], to.split("_")[0])
    ]
    assert not wrong


@pytest.mark.django_db
def test_no_foreign_key_ties_a_person_to_one_machine():
    """What a person owns may point at persons and reference tables; at local tables only without a constraint."""
    owner = {model._meta.db_table: model.ownership for model in OURS}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        )
        keys = cursor.fetchall()
    assert not [
        (of, to) for of, to in keys if owner.get(of) == ownership.PERSON and owner.get(to) == ownership.LOCAL
    ]
