"""The site's addresses, without a handler for what failed."""

from postmortems.urls import urlpatterns

__all__ = ["urlpatterns"]
