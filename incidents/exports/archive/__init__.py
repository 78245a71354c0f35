"""Everything that the site knows, as a folder of texts that can be read back."""
