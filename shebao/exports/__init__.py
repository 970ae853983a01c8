"""Exports (导出): whole lists as workbooks of any size, written by a job, kept for some days.

What can be exported is declared by the pages that show it; this package knows no list.
"""
