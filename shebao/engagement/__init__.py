"""Appointments, consultations, announcements, questions, satisfaction.

No casework and no money.
"""
