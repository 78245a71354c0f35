"""Each posting says how long its row is, so that a question reads the postings and nothing beside.

Joined with the rows, a question took ten seconds where PostgreSQL's statistics were of a time when
the table was all but empty: it then reads the rows once for every posting.
"""

from django.db import migrations

POSTINGS = "incidents_lookup_runbooks_postings"
ROWS = "incidents_lookup_runbooks"
ADD_LENGTHS = f"""
    ALTER TABLE {POSTINGS} ADD COLUMN length integer;
    UPDATE {POSTINGS} AS posting SET length = part.length FROM {ROWS} AS part
    WHERE part.entry_id = posting.entry_id AND part.is_body = posting.is_body;
    -- A posting whose row is not there would never be read.
    DELETE FROM {POSTINGS} WHERE length IS NULL;
    ALTER TABLE {POSTINGS} ALTER COLUMN length SET NOT NULL;
    ALTER TABLE {POSTINGS} DROP CONSTRAINT {POSTINGS}_pkey;
    ALTER TABLE {POSTINGS}
        ADD PRIMARY KEY (term, entry_id, is_body) INCLUDE (count, length);
    -- Every row was written twice.
    CLUSTER {POSTINGS} USING {POSTINGS}_pkey;
    ANALYZE {POSTINGS};
"""
TAKE_LENGTHS_OUT = f"""
    ALTER TABLE {POSTINGS} DROP CONSTRAINT {POSTINGS}_pkey;
    ALTER TABLE {POSTINGS} DROP COLUMN length;
    ALTER TABLE {POSTINGS} ADD PRIMARY KEY (term, entry_id, is_body) INCLUDE (count);
"""


def add_lengths(apps, schema_editor):
    run(schema_editor, ADD_LENGTHS)


def take_lengths_out(apps, schema_editor):
    run(schema_editor, TAKE_LENGTHS_OUT)


def run(schema_editor, sql):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0015_trackers"),
    ]

    operations = [
        migrations.RunPython(add_lengths, take_lengths_out),
    ]
