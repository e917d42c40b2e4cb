-- What the studio does not take: `schema.sql` goes on here.

-- That the studio does not take a request, and in `text` why; before any quote of it was sent. For good.
CREATE TABLE request_refusal (
    commission uuid PRIMARY KEY REFERENCES commission (commission),
    reason text NOT NULL CHECK (reason IN ('not_ours', 'no_time', 'protected_design', 'other')),
    text uuid NOT NULL,
    refused_at timestamptz NOT NULL
);
