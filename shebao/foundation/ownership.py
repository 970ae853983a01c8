"""What a model's rows belong to: the question on which everything past one machine depends.

Every model class says `ownership = ownership.PERSON` (or one of the others); a promise test walks the models.
"""

PERSON = "person"
"""Owned by one person; carries `person_id`, which begins its primary key and each of its unique constraints."""

REFERENCE = "reference"
"""Small and rarely written, copied to every machine: policy values, offices, employers."""

LOCAL = "local"
"""On the first machine only: accounts, sessions, cases, jobs, content."""

ALL = (PERSON, REFERENCE, LOCAL)
