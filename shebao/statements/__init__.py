"""Compose, render, sign and verify documents.

It owns no figures; it freezes those of the books.
"""
