"""收缴台: the ledger desk, where a month is run, receipts are taken in, and what does not match is looked after.

It decides nothing about money; it shows the books and calls their verbs.
"""
