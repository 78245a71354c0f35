"""Work that is owed, for administrators."""

from django.urls import path

from incidents.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/retry/", views.retry_failed, name="retry_failed"),
    path("jobs/<int:job_id>/", views.job, name="job"),
    path("jobs/<int:job_id>/retry/", views.retry, name="retry"),
    path("jobs/batches/<int:batch_id>/", views.batch, name="batch"),
]
