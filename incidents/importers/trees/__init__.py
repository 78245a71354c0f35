"""Folders of runbooks as MkDocs and Hugo arrange them, or as they are."""
