"""Writing by programs: with the forms and the operations of the pages."""
