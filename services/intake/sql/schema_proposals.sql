-- What is proposed while a quote is offered: `schema.sql` goes on here.

-- What is wished instead, whole, as `by_role` proposed it; `number` counts the proposals of a commission. way: the studio wrote it for
-- the customer, whom the wish reached so.
--   open -> applied     it is the brief's version `brief_version`
--   open -> refused     `text` says why; what is offered stands
--   open -> taken_back  whoever wished for it does not any more
--   open -> overtaken   the quote was accepted as it was, or the commission has ended
CREATE TABLE change_proposal (
    proposal uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    number integer NOT NULL,
    answers jsonb NOT NULL,
    images uuid [] NOT NULL,
    by_role text NOT NULL CHECK (by_role IN ('customer', 'ops')),
    way text CHECK (way IN ('counter', 'phone')),
    state text NOT NULL CHECK (state IN ('open', 'applied', 'refused', 'taken_back', 'overtaken')),
    made_at timestamptz NOT NULL,
    closed_at timestamptz,
    brief_version integer,
    text uuid,
    UNIQUE (commission, number),
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK ((state = 'applied') = (brief_version IS NOT NULL)),
    CHECK ((state = 'refused') = (text IS NOT NULL))
);

CREATE UNIQUE INDEX change_proposal_open ON change_proposal (commission) WHERE state = 'open';
