"""What a record still lacks, and phrases to think over."""

from django.urls import path

from incidents.wording import views

app_name = "wording"
urlpatterns = [path("incidents/<incident_ref:number>/advice/", views.advice, name="advice")]
