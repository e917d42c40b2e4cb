-- The tables that every service's database has, as they are after all kernel migrations. This file is the truth; a test
-- compares the two. The service's own are in services/<name>/sql/schema.sql.

-- A stream is the records of one key on one topic; versions count along it. Its row is the lock that a transaction holds
-- until its commit when it adds to the stream. `version` is the last one assigned.
CREATE TABLE stream (
    topic text NOT NULL,
    key uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (topic, key)
) WITH (fillfactor = 80);

-- What is to be sent to Kafka. A row lives from the commit that made its fact true until Kafka has acknowledged it.
-- `position` is drawn behind the stream's lock, so that it orders each stream as `version` does; the sequence must
-- never cache. `data` is null for a tombstone. `at` is when it happened, in UTC.
-- The vacuum comes after 500 rows and without a pause: every row is soon a dead one, and the relay walks over them.
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

-- Publishes facts, any number for any keys, and returns their versions in the order given. A fact is an object with topic,
-- key, id, type, source, and where it has them at, data, traceparent.
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

-- How far an inbox has come on a stream: every version up to this one has taken effect or was passed over.
CREATE TABLE inbox_mark (
    inbox text NOT NULL,
    topic text NOT NULL,
    key uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (inbox, topic, key)
) WITH (fillfactor = 80);

-- A record that could not take effect, whole, and those of its key behind it. In order of `id` within a key.
--   reason  unreadable: it is not what the platform writes    gap: versions before it are missing
--           failed: its handler failed for good               behind: an earlier record of its key is parked
--   state   waiting -> replay (somebody decided so) -> replayed, or waiting again with another reason
--           waiting -> dropped (somebody decided so)
--           waiting -> replayed (by the inbox: nothing before it waits any more, or the gap has closed)
-- `key` is the record's key as text, escaped and cut where it is no UUID. `headers` is a list of [name, base64 or null].
-- `data` is null for a tombstone, and once the record is decided: an erased person must not live on here.
-- `told_at`: when the studio was told of it. Of others within an hour after it is not told.
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

-- The keys that were erased from compacted topics, for good: `own` by a tombstone of this service, else by one that it obeyed.
-- filed_at: when the key went into the list that no backup holds (shared/erasure). repeats: how often an own tombstone was
-- published again.
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

-- A command that was carried out, and what it answered: the same id has the same answer. `result` and `done_at` are
-- null only inside the transaction that carries it out.
CREATE TABLE command (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    result jsonb,
    done_at timestamptz
);

-- An Idempotency-Key that was used within `scope` (the caller and the route), with the SHA-256 of its request and the
-- answer. `status` and `answer` are null only inside the transaction that does the work.
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

-- An offering's document as it was when a commission started with it. `sha256` is of its canonical JSON, in hex.
CREATE TABLE offering_document (
    craft text NOT NULL,
    offering text NOT NULL,
    version integer NOT NULL,
    sha256 text NOT NULL,
    document jsonb NOT NULL,
    PRIMARY KEY (craft, offering, version, sha256)
);
