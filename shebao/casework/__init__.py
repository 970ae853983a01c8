"""The work flow every service shares: cases, rows, review, settlement.

It knows nothing of insurance.
"""
