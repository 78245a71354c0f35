"""Files beside a record: a graph, a log, a picture of a runbook."""
