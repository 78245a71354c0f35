"""What a stranger would say who sees one of the six stories begin again."""

# What is said, a word of the story's title, the runbook's address.
SYMPTOMS = [
    ("requests disappear after half a minute", "CloudFactory", "requests-killed"),
    ("unicorn workers killed timeout", "CloudFactory", "requests-killed"),
    ("half of the jobs did not run overnight", "Janitorial", "batch-finished-short"),
    ("some schedules were never sent", "Janitorial", "batch-finished-short"),
    ("orders time out but test orders work", "Dutchie", "one-endpoint-slow"),
    ("integer overflow of an id column", "Dutchie", "identifier-space"),
    ("everybody works nights and weekends before the launch", "silence", "after-a-launch"),
    ("background jobs stuck behind image processing", "thumbnails", "worker-out-of-memory"),
    ("queue lost when a worker died", "thumbnails", "worker-out-of-memory"),
    ("too many connections", "Podiant", "connections"),
]
