-- migrate:up

CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    version integer NOT NULL,
    craft text NOT NULL,
    craft_version integer NOT NULL,
    craft_sha256 text NOT NULL,
    answers jsonb NOT NULL,
    written_at timestamptz NOT NULL
);

CREATE TABLE erased_brief (
    commission uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
);

CREATE TABLE quote (
    quote uuid PRIMARY KEY,
    commission uuid NOT NULL UNIQUE,
    newest integer NOT NULL
);

CREATE TABLE quote_version (
    quote uuid NOT NULL REFERENCES quote (quote),
    version integer NOT NULL,
    brief_version integer NOT NULL,
    craft text NOT NULL,
    craft_version integer NOT NULL,
    state text NOT NULL DEFAULT 'drafted' CHECK (state IN ('drafted', 'replaced', 'expired')),
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    drafted_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN ('lapsed', 'withdrawn')),
    PRIMARY KEY (quote, version),
    CHECK (total_minor = net_minor + vat_minor),
    CHECK ((state = 'drafted') = (ended_at IS NULL)),
    CHECK ((state = 'expired') = (end_reason IS NOT NULL))
);

CREATE INDEX quote_version_drafted_at ON quote_version (drafted_at, quote);

CREATE TABLE quote_line (
    quote uuid NOT NULL,
    version integer NOT NULL,
    place integer NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    why text NOT NULL,
    detail text NOT NULL,
    amount_minor bigint NOT NULL,
    base_minor bigint,
    quantity numeric,
    unit text CHECK (unit IN ('g', 'hours', 'letters', 'percent')),
    unit_minor bigint,
    PRIMARY KEY (quote, version, place),
    FOREIGN KEY (quote, version) REFERENCES quote_version (quote, version)
);

-- migrate:down

DROP TABLE quote_line;
DROP TABLE quote_version;
DROP TABLE quote;
DROP TABLE erased_brief;
DROP TABLE brief;
