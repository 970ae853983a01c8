"""Pension, unemployment, injury, maternity, medical benefits; transfers.

Contributions are not its business.
"""
