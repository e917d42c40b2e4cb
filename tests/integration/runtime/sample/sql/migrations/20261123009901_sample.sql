-- migrate:up

CREATE TABLE held (
    promise uuid PRIMARY KEY,
    command uuid NOT NULL,
    traceparent text
);

-- migrate:down

DROP TABLE held;
