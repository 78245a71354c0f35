from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(
            "CREATE TABLE later_limits AS SELECT name, setting FROM pg_settings"
            " WHERE name IN ('lock_timeout', 'statement_timeout')"
        ),
        migrations.RunSQL("ALTER TABLE incidents_runbook ADD COLUMN later integer"),
    ]
