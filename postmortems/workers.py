"""How Celery is set up where there is a broker. Nothing of it is for who runs a site."""

# The row is the job: a message is taken off at once and says no more than “look”.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "light"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Seconds that a worker which is stopped by SIGQUIT gives to what it is at. The rest is taken back,
# and begun anew by another: a heavy job would be waited for up to an hour.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
# Celery gives up after a hundred times otherwise.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    f"look at the {queue} queue": {
        "task": "jobs.look",
        "args": [queue],
        "schedule": 2.0,
        "options": {"queue": queue, "expires": 5},
    }
    for queue in ("light", "heavy")
}
