"""Imports as jobs: read and say what would be done, then apply, then undo, as one."""
