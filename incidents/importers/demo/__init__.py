"""Six published stories, recorded as data: what a new site shows, and what its tests hold to."""
