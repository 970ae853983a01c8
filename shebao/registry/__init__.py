"""The archive: people, employers, enrolment periods.

It holds no money and no cases.
"""
