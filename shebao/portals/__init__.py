"""The doors for the public, employers, people and communities.

No rule lives here.
"""
