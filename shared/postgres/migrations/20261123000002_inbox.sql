-- migrate:up

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
    UNIQUE (inbox, topic, partition, record_offset)
);

CREATE INDEX parked_open ON parked (inbox, topic, key, id) WHERE state IN ('waiting', 'replay');

-- migrate:down

DROP TABLE parked;
DROP TABLE inbox_mark;
