"""How style sheets, scripts and pictures are found and kept: `settings` takes them from here."""

FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "postmortems.bundles.BundleFinder",
]


def folder(*, debug: bool) -> str:
    """Where they are collected. In debugging they are what is written, whatever was collected."""
    return "static-in-debug" if debug else "static"


def storage(*, debug: bool) -> dict[str, str]:
    if debug:
        return {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
