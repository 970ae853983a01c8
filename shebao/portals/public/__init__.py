"""The door that needs no key: home, service guides, search, and what a public site has to say about itself.

Verification of statements has its own door beside this one.
"""
