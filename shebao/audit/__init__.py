"""Who did what, when, to which reference; append-only and chained.

It judges nothing and never calls back into what it records.
"""
