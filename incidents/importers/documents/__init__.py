"""What a written postmortem says, found by its headings, lists and tables: Markdown in, our words
out. Formats whose records have a long text read it by this too."""
