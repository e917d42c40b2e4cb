-- migrate:up

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

CREATE TABLE bench_rest (
    commission uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (commission, since)
);

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

CREATE INDEX commission_reversed ON commission ((reverse(replace(commission::text, '-', '')) COLLATE "C"));

CREATE INDEX commission_under_way ON commission (commission) WHERE ended_at IS NULL;
CREATE INDEX commission_ended ON commission (commission) WHERE ended_at IS NOT NULL;
CREATE INDEX commission_escalated ON commission (paused) WHERE escalation IS NOT NULL;
CREATE INDEX commission_written ON commission (written_since) WHERE written_since IS NOT NULL;
CREATE INDEX commission_paused ON commission (commission) WHERE paused;

CREATE TABLE used_offering (
    craft text NOT NULL,
    offering text NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (craft, offering)
);

CREATE TABLE search_term (
    term text NOT NULL,
    commission uuid NOT NULL,
    PRIMARY KEY (term, commission)
);

CREATE TABLE person (
    person uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text,
    email text,
    CHECK (name IS NOT NULL OR email IS NULL)
);

CREATE TABLE person_word (
    word text COLLATE "C" NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (word, person)
);

CREATE INDEX person_word_person ON person_word (person, word);

CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    version bigint NOT NULL,
    answers jsonb
);

CREATE SEQUENCE conversation_position AS bigint;

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

CREATE TABLE message_read (
    commission uuid NOT NULL,
    person uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    read_until timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('conversation_position'),
    PRIMARY KEY (commission, person)
);

CREATE INDEX message_read_position ON message_read (position);

CREATE TABLE question (
    question uuid PRIMARY KEY,
    commission uuid NOT NULL,
    body text,
    asked_at timestamptz,
    answered_at timestamptz
);

CREATE INDEX question_commission ON question (commission);

CREATE TABLE claim (
    claim uuid PRIMARY KEY,
    commission uuid NOT NULL,
    kind text,
    made_at timestamptz,
    answer_by timestamptz,
    answered_at timestamptz
);

CREATE INDEX claim_open ON claim (commission) WHERE answered_at IS NULL;

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

CREATE TABLE recorded_fact (
    commission uuid NOT NULL,
    topic text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (commission, topic, version)
);

CREATE TABLE dashboard (
    the_only_one boolean PRIMARY KEY DEFAULT true CHECK (the_only_one),
    revision bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO dashboard (revision) VALUES (0);

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

-- migrate:down

DROP TABLE audit_entry;
DROP TABLE dashboard;
DROP TABLE recorded_fact;
DROP TABLE holder_span;
DROP TABLE inbox;
DROP TABLE claim;
DROP TABLE question;
DROP TABLE message_read;
DROP TABLE message;
DROP SEQUENCE conversation_position;
DROP TABLE brief;
DROP TABLE person_word;
DROP TABLE person;
DROP TABLE search_term;
DROP TABLE used_offering;
DROP VIEW listed;
DROP TABLE bench_rest;
DROP TABLE commission;
DROP TABLE fact_delivery;
DROP TABLE commission_workflow;
