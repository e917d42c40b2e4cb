-- What is changed of what was accepted: `schema.sql` goes on here.

-- A change of what was accepted: the version of the quote that takes the place of the version `before`, made from a proposal, with the
-- first stage that it changes. number counts those of a commission, of which one is open at a time.
--   asked   -> offered  the bench has said by which day: ready_by_before is the day until then, gates are those to be signed again
--   offered -> agreed   the customer said yes before valid_until; document is what they read, and waits
--   agreed  -> applied  the bench has applied it: the amendment of the contract has the document, and the money counts; for good
--   asked, offered -> ended  declined, lapsed, withdrawn, refused (by the bench), cancelled; for good
--   agreed  -> ended    refused by the bench, or the commission was cancelled first; for good
-- answers are those that the customer agrees to; null once they were erased.
CREATE TABLE change_order (
    change_order uuid PRIMARY KEY,
    commission uuid NOT NULL,
    number integer NOT NULL,
    quote uuid NOT NULL,
    version integer NOT NULL,
    before integer NOT NULL,
    proposal uuid NOT NULL,
    answers jsonb,
    from_stage text NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'offered', 'agreed', 'applied', 'ended')),
    asked_at timestamptz NOT NULL,
    asked_by uuid,
    valid_until timestamptz NOT NULL,
    ready_by_before date,
    gates text [] NOT NULL DEFAULT '{}',
    language text,
    document text,
    sha256 text,
    agreed_at timestamptz,
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN ('declined', 'lapsed', 'withdrawn', 'refused', 'cancelled')),
    refusal text CHECK (refusal IN ('made', 'not_booked', 'later_day', 'no_hours')),
    UNIQUE (commission, number),
    FOREIGN KEY (quote, version) REFERENCES quote_version (quote, version),
    CHECK ((state = 'ended') = (end_reason IS NOT NULL)),
    CHECK ((state IN ('applied', 'ended')) = (ended_at IS NOT NULL)),
    CHECK (state NOT IN ('agreed', 'applied') OR agreed_at IS NOT NULL)
);
CREATE UNIQUE INDEX change_order_open ON change_order (commission) WHERE state IN ('asked', 'offered', 'agreed');
