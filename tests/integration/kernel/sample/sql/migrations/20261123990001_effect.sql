-- migrate:up

CREATE TABLE effect (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL,
    version bigint NOT NULL,
    said text NOT NULL
);

-- migrate:down

DROP TABLE effect;
