-- migrate:up

CREATE TABLE stream (
    topic text NOT NULL,
    key uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (topic, key)
) WITH (fillfactor = 80);

CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key uuid NOT NULL,
    version bigint NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    source text NOT NULL,
    at timestamptz NOT NULL,
    data jsonb,
    traceparent text
) WITH (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 10000,
    toast.autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_threshold = 500,
    toast.autovacuum_vacuum_cost_delay = 0
);

CREATE FUNCTION publish_facts(facts jsonb) RETURNS TABLE (topic text, key uuid, version bigint)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    heads stream [];
BEGIN
    -- First the locks: a stream's row is held from here to the commit. In sorted order, so that two callers with the
    -- same keys cannot wait for each other.
    WITH head AS (
        INSERT INTO stream AS held (topic, key, version)
        SELECT fact.topic, fact.key, count(*)
        FROM jsonb_to_recordset(facts) AS fact (topic text, key uuid)
        GROUP BY fact.topic, fact.key
        ORDER BY fact.topic, fact.key
        ON CONFLICT (topic, key) DO UPDATE SET version = held.version + excluded.version
        RETURNING held.topic, held.key, held.version
    )
    SELECT array_agg(ROW(head.topic, head.key, head.version)::stream) INTO heads FROM head;

    -- Only then the positions: who sees a version in a snapshot sees the ones before it too, at lower positions.
    RETURN QUERY
    INSERT INTO outbox (topic, key, version, id, type, source, at, data, traceparent)
    SELECT
        fact.topic,
        fact.key,
        head.version - count(*) OVER (PARTITION BY fact.topic, fact.key)
        + row_number() OVER (PARTITION BY fact.topic, fact.key ORDER BY fact.ordinal),
        fact.id,
        fact.type,
        fact.source,
        coalesce(fact.at, now()),
        fact.data,
        fact.traceparent
    FROM ROWS FROM (
        jsonb_to_recordset(facts) AS (
            topic text, key uuid, id uuid, type text, source text, at timestamptz, data jsonb, traceparent text
        )
    ) WITH ORDINALITY AS fact (topic, key, id, type, source, at, data, traceparent, ordinal)
    INNER JOIN unnest(heads) AS head ON head.topic = fact.topic AND head.key = fact.key
    ORDER BY fact.ordinal
    RETURNING topic, key, version;
END
$$;

-- An old open transaction, a forgotten psql's too, would keep the vacuum from the outbox. The service sets closer limits.
DO $$
BEGIN
    EXECUTE format(
        'ALTER ROLE %I IN DATABASE %I SET transaction_timeout = %L', current_user, current_database(), '5min'
    );
END
$$;

CREATE TABLE inbox_mark (
    inbox text NOT NULL,
    topic text NOT NULL,
    key uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (inbox, topic, key)
) WITH (fillfactor = 80);

CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inbox text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    key text NOT NULL,
    version bigint,
    headers jsonb NOT NULL,
    data bytea,
    reason text NOT NULL CHECK (reason IN ('unreadable', 'gap', 'failed', 'behind')),
    detail text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'replay', 'replayed', 'dropped')),
    parked_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    decided_by text,
    decision_note text,
    told_at timestamptz,
    UNIQUE (inbox, topic, partition, record_offset)
);

CREATE INDEX parked_told ON parked (told_at) WHERE told_at IS NOT NULL;
CREATE INDEX parked_open ON parked (inbox, topic, key, id) WHERE state IN ('waiting', 'replay');

CREATE TABLE erased_key (
    topic text NOT NULL,
    key uuid NOT NULL,
    own boolean NOT NULL,
    erased_at timestamptz NOT NULL,
    filed_at timestamptz,
    repeats integer NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, key, own)
);

CREATE INDEX erased_key_unfiled ON erased_key (erased_at) WHERE filed_at IS NULL;
CREATE INDEX erased_key_repeats ON erased_key (repeats, erased_at) WHERE own;

CREATE TABLE command (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    result jsonb,
    done_at timestamptz
);

CREATE TABLE idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint,
    answer jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_created_at ON idempotency (created_at);

CREATE TABLE offering_document (
    craft text NOT NULL,
    offering text NOT NULL,
    version integer NOT NULL,
    sha256 text NOT NULL,
    document jsonb NOT NULL,
    PRIMARY KEY (craft, offering, version, sha256)
);

-- migrate:down

DROP TABLE offering_document;
DROP TABLE idempotency;
DROP TABLE command;
DROP TABLE erased_key;
DROP TABLE parked;
DROP TABLE inbox_mark;
DROP FUNCTION publish_facts(jsonb);
DROP TABLE outbox;
DROP TABLE stream;
