"""The door itself: log-in and out, registration, password, terms, and what an account's owner sees of it.

It decides nothing about who may come in; that is identity's.
"""
