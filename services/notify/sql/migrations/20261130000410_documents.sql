-- migrate:up
CREATE TABLE document (
    document uuid PRIMARY KEY,
    customer uuid NOT NULL,
    file_name text NOT NULL,
    pdf bytea,
    account jsonb,
    reference text NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX document_received_at ON document (received_at) WHERE pdf IS NOT NULL;
CREATE INDEX document_customer ON document (customer);

-- migrate:down
DROP TABLE document;
