"""How django-allauth signs people in. Nothing of it is for who runs a site."""

ACCOUNT_ADAPTER = "incidents.directory.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "incidents.directory.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
# Whoever changes how they come in has shown the password within five minutes.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {"reset_password": "incidents.directory.sign_in_forms.LostPasswordForm"}
# `/people/new/` is the form of a new account.
ACCOUNT_USERNAME_BLACKLIST = ["new"]
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
