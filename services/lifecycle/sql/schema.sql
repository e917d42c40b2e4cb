-- What lifecycle's database looks like once all migrations have run. This file is the truth; a test compares the two.

-- A commission's workflow, as far as lifecycle itself has to know: that there was one, and how it ended. Temporal forgets a
-- finished workflow after its retention; this row stays, and keeps a replayed request from starting a second one.
--   running (no ended_at) -> ended     the workflow recorded its end; `counted` is the newest version of each topic that its
--                                      outcome took into account, {"touchmark.commissions": 2}
--   running -> lost (lost_at)          Temporal turned out to know no running workflow: terminated, failed, or its data gone
CREATE TABLE commission_workflow (
    commission uuid PRIMARY KEY,
    known_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    outcome text,
    counted jsonb,
    lost_at timestamptz,
    CHECK ((ended_at IS NULL) = (outcome IS NULL)),
    CHECK ((ended_at IS NULL) = (counted IS NULL))
);

-- What the bridge did with each fact that it read, once.
--   started         it started the commission's workflow
--   signalled       the workflow received it      -> after_the_end, if it came too late to count for the outcome
--   after_the_end   the workflow was over: the fact had no effect, ops see it
--   no_workflow     no workflow of this commission is known, and only a request starts one
CREATE TABLE fact_delivery (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('started', 'signalled', 'after_the_end', 'no_workflow')),
    delivered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (commission, topic, version)
);

-- The dashboard's read model: each commission's phase. What CommissionConfirmed brings is null until that fact is here;
-- `due` is null once nobody is waited for. phase, holder, outcome and escalation: shared/contracts/lifecycle.py.
--   escalation      set by CommissionEscalated, with its phase and holder -> null once either has changed
--   paused          the clock is stopped; holder and due are what they were
--   ready_by        the day that production has planned last
--   promised_by     the day that the quote says that was sent last, and so the contract
--   at_risk         it is planned after the day that it is needed by, which nobody agreed to, or after the one that was promised
--   written_since   a message, a question or a claim of the customer waits for an answer, and nobody of the studio has taken it
--   phase_number    that of the phase; 0 until the workflow has entered one
CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    phase text NOT NULL,
    holder text NOT NULL,
    since timestamptz NOT NULL,
    due timestamptz,
    craft text,
    offering text,
    offering_version integer,
    customer uuid,
    needed_by date,
    submitted_at timestamptz,
    withdrawn_at timestamptz,
    outcome text,
    ended_at timestamptz,
    paused boolean NOT NULL DEFAULT false,
    escalation text,
    escalated_at timestamptz,
    escalated_phase text,
    escalated_holder text,
    ready_by date,
    phase_number integer NOT NULL DEFAULT 0,
    written_since timestamptz,
    promised_by date,
    at_risk text GENERATED ALWAYS AS (
        CASE
            WHEN ended_at IS NOT NULL OR phase NOT IN ('offered', 'deposit', 'making') THEN NULL
            WHEN ready_by > needed_by AND (phase = 'offered' OR ready_by > promised_by) THEN 'needed'
            WHEN ready_by > promised_by AND phase <> 'offered' THEN 'promised'
        END
    ) STORED
);

CREATE INDEX commission_due ON commission (due) WHERE due IS NOT NULL;

-- When the piece rests: it dries, or is at a partner. `until` is the beginning of the day that the next stage is planned for,
-- or the instant at which work began before.
CREATE TABLE bench_rest (
    commission uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (commission, since)
);

-- The same with its place in the dashboard's list: what is due, escalated or at risk first (that by when it was asked for),
-- then what has no due instant, what is paused, what has ended (a cursor ends in 4253). While a piece rests it waits for nobody.
CREATE VIEW listed AS
SELECT
    commission,
    phase,
    CASE WHEN r.rests THEN 'process' ELSE holder END AS holder,
    since,
    due,
    paused,
    escalation,
    escalated_at,
    craft,
    offering,
    offering_version,
    customer,
    needed_by,
    ready_by,
    submitted_at,
    withdrawn_at,
    outcome,
    ended_at,
    written_since,
    CASE
        WHEN ended_at IS NOT NULL THEN coalesce(written_since, '4000-01-01T00:00:00Z'::timestamptz)
        WHEN paused THEN coalesce(written_since, '3999-01-01T00:00:00Z'::timestamptz)
        ELSE coalesce(
            least(due, escalated_at, written_since, CASE WHEN at_risk IS NOT NULL THEN submitted_at END),
            '3998-01-01T00:00:00Z'::timestamptz
        )
    END AS place,
    r.rests,
    promised_by,
    at_risk
FROM commission
CROSS JOIN LATERAL (
    SELECT
        phase = 'making' AND holder = 'maker'
        AND EXISTS (SELECT FROM bench_rest AS b WHERE b.commission = commission.commission AND b.until > now()) AS rests
) AS r;

CREATE INDEX commission_listed ON commission (
    (
        CASE
            WHEN ended_at IS NOT NULL THEN coalesce(written_since, '4000-01-01T00:00:00Z'::timestamptz)
            WHEN paused THEN coalesce(written_since, '3999-01-01T00:00:00Z'::timestamptz)
            ELSE coalesce(
                least(due, escalated_at, written_since, CASE WHEN at_risk IS NOT NULL THEN submitted_at END),
                '3998-01-01T00:00:00Z'::timestamptz
            )
        END
    ),
    commission DESC
);

CREATE INDEX commission_customer ON commission (customer);
CREATE INDEX commission_offering ON commission ((craft || '/' || offering), commission);

-- The end of a commission's number is the beginning of its reverse.
CREATE INDEX commission_reversed ON commission ((reverse(replace(commission::text, '-', '')) COLLATE "C"));

-- For the counts of the dashboard: of a million commissions few are in progress.
CREATE INDEX commission_under_way ON commission (commission) WHERE ended_at IS NULL;
CREATE INDEX commission_ended ON commission (commission) WHERE ended_at IS NOT NULL;
CREATE INDEX commission_escalated ON commission (paused) WHERE escalation IS NOT NULL;
CREATE INDEX commission_written ON commission (written_since) WHERE written_since IS NOT NULL;
CREATE INDEX commission_paused ON commission (commission) WHERE paused;

-- The offerings that there are commissions of, each with its newest version here.
CREATE TABLE used_offering (
    craft text NOT NULL,
    offering text NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (craft, offering)
);

-- What else a commission is found by, in capitals and digits alone: its invoices' numbers, the reference of its transfers, and its
-- certificate's serial.
CREATE TABLE search_term (
    term text NOT NULL,
    commission uuid NOT NULL,
    PRIMARY KEY (term, commission)
);

-- A person as intake published them last (`touchmark.people`), with the version of that record. name and email are null once they
-- were erased, for good; email also where they have none.
CREATE TABLE person (
    person uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text,
    email text,
    CHECK (name IS NOT NULL OR email IS NULL)
);

-- The words that a person is found by, as shared/kernel/search.py writes them; gone once the person is erased. Collation "C": the
-- beginning of a word is a range of the index.
CREATE TABLE person_word (
    word text COLLATE "C" NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (word, person)
);

CREATE INDEX person_word_person ON person_word (person, word);

-- What is made, as the newest brief says (`touchmark.briefs`), with the version of that record: only the answers by which the
-- offering names a piece, and nothing that was written freely. Null once the brief was erased, for good.
CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    version bigint NOT NULL,
    answers jsonb
);

-- The order in which messages and read marks came here, for live pages: the greatest tells whether there is news.
CREATE SEQUENCE conversation_position AS bigint;

-- What customer, maker and studio write to each other (`touchmark.texts`), read and shown; intake owns it and its pictures.
-- The body of an erased message is null.
CREATE TABLE message (
    message uuid PRIMARY KEY,
    commission uuid NOT NULL,
    author uuid NOT NULL,
    author_role text NOT NULL CHECK (author_role IN ('customer', 'maker', 'ops')),
    body text,
    images uuid [] NOT NULL,
    written_at timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('conversation_position')
);

CREATE INDEX message_commission ON message (commission, written_at);
CREATE INDEX message_position ON message (position);

-- Up to when somebody has read the others' messages about a commission (`touchmark.commissions`).
CREATE TABLE message_read (
    commission uuid NOT NULL,
    person uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    read_until timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('conversation_position'),
    PRIMARY KEY (commission, person)
);

CREATE INDEX message_read_position ON message_read (position);

-- Questions on quotes (`touchmark.texts`, `touchmark.quotes`), which are answered at quotes. Either fact may come first: without
-- asked_at the question itself is on its way. The body of an erased one is null.
CREATE TABLE question (
    question uuid PRIMARY KEY,
    commission uuid NOT NULL,
    body text,
    asked_at timestamptz,
    answered_at timestamptz
);

CREATE INDEX question_commission ON question (commission);

-- Something that is wrong with a piece, as its customer says; to be answered before answer_by. Its answer may be here before it is.
CREATE TABLE claim (
    claim uuid PRIMARY KEY,
    commission uuid NOT NULL,
    kind text,
    made_at timestamptz,
    answer_by timestamptz,
    answered_at timestamptz
);

CREATE INDEX claim_open ON claim (commission) WHERE answered_at IS NULL;

-- What waits for the studio about a commission: worked out anew with each fact, from the tables above.
--   unanswered_since  the customer wrote, and neither maker nor studio has written since
--   unread_since      somebody else wrote, and nobody of the studio has read it
--   question_since    the oldest open question on a quote
--   claim_since       something is wrong with the piece, and was not answered
--   taken_by          somebody of the studio sees to it; null again once nothing waits
--   done_until        messages up to then need no answer, somebody of the studio said
CREATE TABLE inbox (
    commission uuid PRIMARY KEY,
    unanswered_since timestamptz,
    unread_since timestamptz,
    question_since timestamptz,
    claim_since timestamptz,
    taken_by uuid,
    taken_at timestamptz,
    done_until timestamptz,
    waits_since timestamptz GENERATED ALWAYS AS (least(unanswered_since, unread_since, question_since, claim_since)) STORED,
    CHECK ((taken_by IS NULL) = (taken_at IS NULL))
);

CREATE INDEX inbox_waiting ON inbox (waits_since, commission) WHERE waits_since IS NOT NULL;

-- Who was waited for, from when until when: the request (number 0), then each phase by its number, then the end.
-- `until` is null for the newest.
CREATE TABLE holder_span (
    commission uuid NOT NULL,
    number integer NOT NULL,
    phase text NOT NULL,
    holder text NOT NULL,
    paused boolean NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (commission, number)
);

-- Every fact about a commission that lifecycle has read, without its key and instant in `detail`.
CREATE TABLE recorded_fact (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (commission, topic, version)
);

-- One row: a number that grows with every change of the read model, so that live pages see it with one look. Its page is
-- mostly empty, so that the row's next version fits beside it.
CREATE TABLE dashboard (
    the_only_one boolean PRIMARY KEY DEFAULT true CHECK (the_only_one),
    revision bigint NOT NULL
) WITH (fillfactor = 10);

-- The audit log: what ops did, who, and why. `id` is derived from the request's own key, so that it happens once; of what
-- ops did in another service, from that service's fact. `commission` is null where it is about none, as an invitation.
--   asked           written before the workflow is asked; stays so if nobody knows what became of it
--   asked -> done   the workflow accepted it
--   asked -> refused   it did not, or there was none to accept it; `problem` is the slug of why
-- `detail` is what was asked besides, as ids, codes and amounts: {"days": 3}, {"cause": "studio"}. `bulk` is common to one bulk operation.
CREATE TABLE audit_entry (
    id uuid PRIMARY KEY,
    commission uuid,
    action text NOT NULL CHECK (
        action IN (
            'nudge', 'extend', 'pause', 'resume', 'cancel', 'try_again', 'replay_parked', 'drop_parked',
            'record_payment', 'reverse_payment', 'pay_refund', 'change_price', 'restore_price', 'change_lines', 'give_discount', 'set_conditions',
            'revise_quote', 'send_quote',
            'answer_question', 'another_maker', 'go_through_gate', 'report_mishap', 'undo_mishap', 'choose_delivery', 'ask_for_address', 'report_missing', 'claim_parcel', 'pack', 'hand_over', 'record_delivery',
            'invite', 'end_access', 'take_messages', 'give_back_messages', 'finish_messages', 'enter_request',
            'change_request',
            'propose_change',
            'refuse_request',
            'answer_proposal',
            'accept_at_counter', 'decline_at_counter', 'sign_at_counter', 'refuse_at_counter',
            'withdraw_at_counter', 'cancel_at_counter', 'receive_at_counter', 'claim_at_counter', 'answer_claim', 'ask_for_change_order', 'agree_at_counter', 'end_change_order',
            'withdraw_contract_at_counter'
        )
    ),
    person uuid NOT NULL,
    at timestamptz NOT NULL,
    reason text,
    detail jsonb NOT NULL DEFAULT '{}',
    outcome text NOT NULL DEFAULT 'done' CHECK (outcome IN ('asked', 'done', 'refused')),
    problem text,
    bulk uuid,
    concluded_at timestamptz
);

CREATE INDEX audit_entry_commission ON audit_entry (commission, at);
CREATE INDEX audit_entry_at ON audit_entry (at DESC, id DESC);
