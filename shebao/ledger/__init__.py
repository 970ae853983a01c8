"""Dues, slips, receipts, allocations, personal accounts; append-only.

It does not know why an amount is due, only which rule said so.
"""
