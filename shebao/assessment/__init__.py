"""The contribution calculation as SELECT only: one rule for one person or a city.

It writes nothing.
"""
