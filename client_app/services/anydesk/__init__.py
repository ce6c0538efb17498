"""AnyDesk: find, verify, check settings, start through the guardian, watch, close, prove.

Rule: only the bundled client of the company is used, never an AnyDesk that is installed on the computer, and nothing
of somebody else's AnyDesk is ever touched.
"""
