"""Messages to people: wording, inbox, e-mail.

It decides nothing; a deed asks it to tell somebody something.
"""

from shebao.notices.letters import later, later_many

__all__ = ["later", "later_many"]
