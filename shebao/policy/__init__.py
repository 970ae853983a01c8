"""The dated, cited rules of cities, loaded from policies/.

It computes no dues; it answers what was in force for a month.
"""
