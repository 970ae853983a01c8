"""Accounts, passwords, who may act for whom (Acting).

It does not know people or employers of the archive, only their ids.
"""
