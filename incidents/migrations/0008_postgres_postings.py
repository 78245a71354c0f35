"""On PostgreSQL the lookup asks a table of postings instead of the vectors of full-text search.

What is found today is found afterwards: the postings are filled from the vectors.
"""

from django.db import migrations

INDEX = "incidents_lookup_runbooks"
MAKE_POSTINGS = """
    CREATE TABLE {index}_postings (
        -- Compared byte by byte: order in a language costs time, and tells nothing here.
        term text COLLATE "C" NOT NULL,
        entry_id bigint NOT NULL,
        is_body boolean NOT NULL,
        count integer NOT NULL CHECK (count > 0),
        PRIMARY KEY (term, entry_id, is_body) INCLUDE (count)
    ) WITH (
        -- Vacuumed often, so that questions are answered from the primary key alone.
        autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05
    );
    CREATE INDEX {index}_postings_entry ON {index}_postings (entry_id);
"""
FILL_POSTINGS = """
    INSERT INTO {index}_postings (term, entry_id, is_body, count)
    SELECT lexeme, entry_id, is_body, cardinality(positions)
    FROM {index} CROSS JOIN unnest(words);

    -- Neighbours. Those that nobody asks for are among them; the next edit takes them out.
    WITH place AS MATERIALIZED (
        SELECT entry_id, is_body, lexeme, position
        FROM {index} CROSS JOIN unnest(words) CROSS JOIN unnest(positions) AS position
    )
    INSERT INTO {index}_postings (term, entry_id, is_body, count)
    SELECT one.lexeme || ' ' || next.lexeme, one.entry_id, one.is_body, count(*)
    FROM place AS one JOIN place AS next
        ON next.entry_id = one.entry_id AND next.is_body = one.is_body
        AND next.position = one.position + 1 AND next.lexeme <> one.lexeme
    GROUP BY one.entry_id, one.is_body, one.lexeme, next.lexeme;
"""
KEEP_LENGTHS = """
    -- An empty body is no row, as on SQLite.
    DELETE FROM {index} WHERE is_body AND length = 0;
    ALTER TABLE {index} DROP COLUMN words;
    -- Without this the dropped column keeps its room.
    CLUSTER {index} USING {index}_pkey;
    ANALYZE {index};
    ANALYZE {index}_postings;
"""
MAKE_VECTORS_AGAIN = """
    DROP TABLE {index}_postings;
    DELETE FROM {index};
    ALTER TABLE {index} ADD COLUMN words tsvector NOT NULL;
    CREATE INDEX {index}_words ON {index} USING gin (words);
"""


def make_postings(apps, schema_editor):
    run(schema_editor, MAKE_POSTINGS + FILL_POSTINGS + KEEP_LENGTHS)


def make_vectors_again(apps, schema_editor):
    """Empty: `rebuild_lookup` of the earlier version fills them."""
    run(schema_editor, MAKE_VECTORS_AGAIN)


def run(schema_editor, sql):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql.format(index=INDEX))


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_archive_index"),
    ]

    operations = [
        migrations.RunPython(make_postings, make_vectors_again),
    ]
