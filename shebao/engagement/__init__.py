"""Appointments at the agency's counters, and problem reports with a promised day.

No casework and no money: what an appointment or a report is about is a reference, written in text.
"""
