"""The desks of the agency: review, ledger, registry, supervision.

No rule lives here.
"""
