"""An archive of another site, or of this one, into a site that has nothing yet."""
