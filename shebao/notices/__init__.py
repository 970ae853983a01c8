"""Messages to people: wording, inbox, e-mail.

It decides nothing; a deed asks it to tell somebody something.
"""
