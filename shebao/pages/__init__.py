"""Shared furniture of all screens: base templates, components, page().

No screen of its own but the shared ones.
"""
