"""A fictional city with years of history, made from a seed number, to try the hall on.

It uses shebao/ from above; nothing in shebao/ may import it, and production never lists it.
"""
