"""The declared services, one module and one guide each, and the catalogue.

No machinery: only declarations and effects.
"""
