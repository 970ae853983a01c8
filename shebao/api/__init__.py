"""The door for payroll systems.

Schemas come from the services; nothing is declared twice.
"""
