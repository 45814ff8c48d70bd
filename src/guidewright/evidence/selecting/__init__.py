"""Selecting studies: what is to be screened, what was decided by whom, where people differ, and what to read next.

Values and functions without input or output; the decisions come from ``evidence/screening/<reviewer>.csv``.
"""
