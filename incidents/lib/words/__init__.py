"""What is said in the language of whoever reads it, and what is kept in the site's own words."""
