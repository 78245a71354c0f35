from django.db import migrations, models

# Runbooks keep their index in the database; that of everything else is beside it, and is made by
# itself (see incidents/lookup/engines/archive.py).
DROP = "DROP TABLE incidents_lookup_archive"
MAKE_AGAIN = {
    "sqlite": """
        CREATE VIRTUAL TABLE incidents_lookup_archive USING fts5(words, tokenize='ascii');
    """,
    "postgresql": """
        CREATE TABLE incidents_lookup_archive (
            entry_id bigint NOT NULL,
            is_body boolean NOT NULL,
            words tsvector NOT NULL,
            length integer NOT NULL,
            PRIMARY KEY (entry_id, is_body)
        );
        CREATE INDEX incidents_lookup_archive_words ON incidents_lookup_archive USING gin (words);
        CREATE INDEX incidents_lookup_archive_length ON incidents_lookup_archive (length);
    """,
}


def drop_table(apps, schema_editor):
    schema_editor.execute(DROP)


def make_table_again(apps, schema_editor):
    """Empty: `rebuild_lookup` of the earlier version fills it."""
    for statement in filter(str.strip, MAKE_AGAIN[schema_editor.connection.vendor].split(";")):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0006_learning"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="written",
            field=models.BigIntegerField(db_index=True, default=0),
        ),
        migrations.RunPython(drop_table, make_table_again),
    ]
