-- migrate:up

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

CREATE TABLE craft_document (
    craft text NOT NULL,
    version integer NOT NULL,
    sha256 text NOT NULL,
    document jsonb NOT NULL,
    PRIMARY KEY (craft, version, sha256)
);

-- migrate:down

DROP TABLE craft_document;
DROP TABLE idempotency;
DROP TABLE command;
