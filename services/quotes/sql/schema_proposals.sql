-- What is proposed while a quote is offered: `schema.sql` goes on here.

-- The change of a brief that is proposed and not answered yet, as the brief's record has it; gone as soon as it is answered, and
-- erased with the brief. While it is here the quote cannot be accepted.
CREATE TABLE brief_proposal (
    commission uuid PRIMARY KEY,
    proposal uuid NOT NULL,
    number integer NOT NULL,
    answers jsonb NOT NULL,
    images uuid [] NOT NULL,
    by_role text NOT NULL CHECK (by_role IN ('customer', 'ops')),
    made_at timestamptz NOT NULL
);
