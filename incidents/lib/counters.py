"""Django's cache in the database, which does not keep to itself why it kept nothing."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, IntegrityError, connections, router, transaction


class Counters(DatabaseCache):
    """Of attempts to sign in: a database that takes no changes is not somebody who tried too often.

    Django answers that nothing was kept, and who counts by it waits for half a minute, as if others
    were counting, and then refuses.
    """

    def _base_set(self, *args: Any, **kwargs: Any) -> bool:
        failures: list[DatabaseError] = []

        def listen(execute: Callable[..., Any], *told: Any) -> Any:
            try:
                return execute(*told)
            except IntegrityError:
                # Another was faster.
                raise
            except DatabaseError as failure:
                failures.append(failure)
                raise

        database = router.db_for_write(self.cache_model_class)
        # Where the disk is full, it is the commit that fails: it is to be ours, and not one that
        # Django looks away from.
        with transaction.atomic(using=database):
            with connections[database].execute_wrapper(listen):
                kept: bool = super()._base_set(*args, **kwargs)  # type: ignore[misc]
            if failures:
                raise failures[0]
        return kept
