"""The whole site: the accounts' pages, and ours."""

from django.urls import include, path

from incidents.directory.lost_password import lost_password
from incidents.directory.single_sign_on import callback

urlpatterns = [
    # In the place of django-allauth's own, of the same names.
    path("accounts/password/reset/", lost_password, name="account_reset_password"),
    path("accounts/oidc/<provider_id>/login/callback/", callback, name="openid_connect_callback"),
    path("accounts/", include("allauth.urls")),
    path("", include("incidents.urls")),
]

# Also of what fails before a view is reached.
handler500 = "incidents.health.views.failed"
