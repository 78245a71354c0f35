from datetime import UTC, datetime, time, timedelta

from django.db import migrations, models


def at_the_end_of_the_day(apps, schema_editor):
    """Until now only the day was kept: what was turned on it was turned before."""
    runbooks = apps.get_model("incidents", "Runbook")._base_manager
    verified = runbooks.filter(last_verified_date__isnull=False)
    for day in verified.order_by().values_list("last_verified_date", flat=True).distinct():
        end = datetime.combine(day + timedelta(days=1), time(), UTC)
        runbooks.filter(last_verified_date=day).update(last_verified_at=end)


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0032_no_restricted_records_in_a_review'),
    ]

    operations = [
        migrations.AddField(
            model_name='runbook',
            name='last_verified_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(at_the_end_of_the_day, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='runbook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_verified_at__isnull', True), ('last_verified_date__isnull', True)), models.Q(('last_verified_at__isnull', False), ('last_verified_date__isnull', False)), _connector='OR'), name='runbook_verified_on_a_day_and_at_a_moment'),
        ),
    ]
