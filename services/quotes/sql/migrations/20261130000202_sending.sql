-- migrate:up

CREATE TABLE sending (
    quote uuid PRIMARY KEY REFERENCES quote (quote),
    number integer NOT NULL,
    version integer NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'sent', 'kept', 'withdrawn')),
    asked_at timestamptz NOT NULL,
    asked_by uuid,
    until timestamptz,
    refusal text CHECK (refusal IN ('no_hours', 'later_day', 'day_passed')),
    CHECK ((state = 'kept') = (refusal IS NOT NULL))
);

-- migrate:down

DROP TABLE sending;
