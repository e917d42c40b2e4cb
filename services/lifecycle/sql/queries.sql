-- name: workflows(commissions)
-- The workflows that are known of these commissions, as they are now.
SELECT commission, ended_at, counted::text AS counted, lost_at
FROM commission_workflow
WHERE commission = any(:commissions::uuid []);

-- name: lock_workflows(commissions)
-- The same, locked until the commit: while the bridge writes about one, it cannot record its end.
SELECT commission, ended_at, counted::text AS counted, lost_at
FROM commission_workflow
WHERE commission = any(:commissions::uuid [])
ORDER BY commission
FOR UPDATE;

-- name: add_workflows(commissions)!
-- Remembers that these commissions have a workflow; one that is known stays as it is.
INSERT INTO commission_workflow (commission)
SELECT u.commission FROM unnest(:commissions::uuid []) AS u (commission) ORDER BY u.commission
ON CONFLICT (commission) DO NOTHING;

-- name: mark_workflows_lost(commissions, at)!
-- Remembers that Temporal knows no running workflow of these commissions.
UPDATE commission_workflow SET lost_at = :at WHERE commission = any(:commissions::uuid []) AND ended_at IS NULL AND lost_at IS NULL;

-- name: end_workflow(commission, outcome, counted, at)!
-- Remembers how a workflow ended. It may be the first record of it: the bridge may have died before it wrote one.
INSERT INTO commission_workflow (commission, ended_at, outcome, counted) VALUES (:commission, :at, :outcome, :counted::jsonb)
ON CONFLICT (commission) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, counted = excluded.counted
WHERE commission_workflow.ended_at IS NULL;

-- name: mark_too_late(commission)!
-- Marks the facts that arrived when the outcome was already decided.
UPDATE fact_delivery SET outcome = 'after_the_end'
FROM commission_workflow
WHERE
    commission_workflow.commission = :commission
    AND fact_delivery.commission = commission_workflow.commission
    AND fact_delivery.outcome = 'signalled'
    AND fact_delivery.version > coalesce((commission_workflow.counted ->> fact_delivery.topic)::bigint, 0);

-- name: last_delivered(commissions)
-- The newest version of each topic that the bridge delivered for these commissions.
SELECT commission, topic, max(version) AS version
FROM fact_delivery
WHERE commission = any(:commissions::uuid [])
GROUP BY commission, topic;

-- name: add_deliveries(commissions, topics, versions, types, instants, outcomes)!
-- Records what the bridge did with facts, given as arrays of equal length; what is recorded stays as it is.
INSERT INTO fact_delivery (commission, topic, version, type, at, outcome)
SELECT u.commission, u.topic, u.version, u.type, u.at, u.outcome
FROM unnest(
    :commissions::uuid [], :topics::text [], :versions::bigint [], :types::text [], :instants::timestamptz [], :outcomes::text []
) AS u (commission, topic, version, type, at, outcome)
ORDER BY u.commission, u.topic, u.version
ON CONFLICT (commission, topic, version) DO NOTHING;

-- name: record_request(commission, phase, holder, due, craft, offering, offering_version, customer, needed_by, submitted_at)!
-- A commission was requested. Its workflow may have entered a phase before this fact came.
WITH used AS (
    INSERT INTO used_offering (craft, offering, version) VALUES (:craft, :offering, :offering_version)
    ON CONFLICT (craft, offering) DO UPDATE SET version = excluded.version WHERE used_offering.version < excluded.version
)

INSERT INTO commission (
    commission, phase, holder, since, due, craft, offering, offering_version, customer, needed_by, submitted_at
)
VALUES (
    :commission, :phase, :holder, :submitted_at, :due, :craft, :offering, :offering_version, :customer, :needed_by, :submitted_at
)
ON CONFLICT (commission) DO UPDATE SET
    craft = excluded.craft,
    offering = excluded.offering,
    offering_version = excluded.offering_version,
    customer = excluded.customer,
    needed_by = excluded.needed_by,
    submitted_at = excluded.submitted_at;

-- name: record_current_phase(commission, number, phase, holder, since, due, paused)$
-- A commission waits in a phase; nothing if a newer one or its end is known. An escalation about another phase or holder is settled.
INSERT INTO commission (commission, phase_number, phase, holder, since, due, paused)
VALUES (:commission, :number, :phase, :holder, :since, :due, :paused)
ON CONFLICT (commission) DO UPDATE SET
    phase_number = excluded.phase_number,
    phase = excluded.phase,
    holder = excluded.holder,
    since = excluded.since,
    due = excluded.due,
    paused = excluded.paused,
    escalation = CASE
        WHEN (commission.escalated_phase, commission.escalated_holder) = (excluded.phase, excluded.holder)
            THEN commission.escalation
    END,
    escalated_at = CASE
        WHEN (commission.escalated_phase, commission.escalated_holder) = (excluded.phase, excluded.holder)
            THEN commission.escalated_at
    END
WHERE commission.phase_number <= excluded.phase_number AND commission.ended_at IS NULL
RETURNING commission;

-- name: record_escalation(commission, phase, holder, reason, at)!
-- Ops should look at a commission.
INSERT INTO commission (
    commission, phase, holder, since, escalation, escalated_at, escalated_phase, escalated_holder
)
VALUES (:commission, :phase, :holder, :at, :reason, :at, :phase, :holder)
ON CONFLICT (commission) DO UPDATE SET
    escalation = excluded.escalation,
    escalated_at = excluded.escalated_at,
    escalated_phase = excluded.escalated_phase,
    escalated_holder = excluded.escalated_holder;

-- name: record_needed_by(commission, needed_by)!
-- Keeps by which day the piece is needed, as it is wished now.
UPDATE commission SET needed_by = :needed_by WHERE commission = :commission;

-- name: record_ready_by(commission, ready_by)!
-- Production promised a day, or another one.
UPDATE commission SET ready_by = :ready_by WHERE commission = :commission;

-- name: record_promised_by(commission, promised_by)!
-- A quote was sent that says this day.
UPDATE commission SET promised_by = :promised_by WHERE commission = :commission;

-- name: end_rest(commission, at)!
-- The piece rests no more.
UPDATE bench_rest SET until = :at WHERE commission = :commission AND since <= :at AND until > :at;

-- name: begin_rest(commission, since, until)!
-- The piece rests; once.
INSERT INTO bench_rest (commission, since, until) VALUES (:commission, :since, greatest(:since::timestamptz, :until::timestamptz))
ON CONFLICT (commission, since) DO NOTHING;

-- name: add_search_term(term, commission)!
-- A commission can be found by one more term, in capitals and digits alone.
INSERT INTO search_term (term, commission) VALUES (:term, :commission) ON CONFLICT (term, commission) DO NOTHING;

-- name: begin_span(commission, number, phase, holder, paused, since)!
-- From now on somebody else is waited for, or the same holder in another phase. What is said last of a number counts.
INSERT INTO holder_span (commission, number, phase, holder, paused, since)
VALUES (:commission, :number, :phase, :holder, :paused, :since)
ON CONFLICT (commission, number) DO UPDATE SET
    phase = excluded.phase,
    holder = excluded.holder,
    paused = excluded.paused,
    since = excluded.since;

-- name: begin_last_span(commission, phase, holder, since)!
-- From now on nobody is waited for any more; once.
INSERT INTO holder_span (commission, number, phase, holder, paused, since)
SELECT :commission, coalesce(max(s.number), 0) + 1, :phase, :holder, false, :since
FROM holder_span AS s
WHERE s.commission = :commission
HAVING coalesce(bool_and(s.holder <> :holder), true);

-- name: join_spans(commission)!
-- Lets each span of a commission last until the next one begins, in whatever order they became known.
UPDATE holder_span SET until = next.since
FROM (
    SELECT s.number, lead(s.since) OVER (ORDER BY s.number) AS since FROM holder_span AS s WHERE s.commission = :commission
) AS next
WHERE
    holder_span.commission = :commission
    AND holder_span.number = next.number
    AND holder_span.until IS DISTINCT FROM next.since;

-- name: record_withdrawal(commission, at)!
-- A customer withdrew a commission; its workflow handles it.
UPDATE commission SET withdrawn_at = :at WHERE commission = :commission;

-- name: record_end(commission, phase, holder, outcome, at)!
-- A commission's workflow ended: nothing is due any more.
INSERT INTO commission (commission, phase, holder, since, outcome, ended_at)
VALUES (:commission, :phase, :holder, :at, :outcome, :at)
ON CONFLICT (commission) DO UPDATE SET
    phase = excluded.phase,
    holder = excluded.holder,
    since = excluded.since,
    due = NULL,
    paused = false,
    escalation = NULL,
    escalated_at = NULL,
    outcome = excluded.outcome,
    ended_at = excluded.ended_at;

-- name: add_recorded_facts(commissions, topics, versions, types, instants, details)!
-- Records facts, given as arrays of equal length.
INSERT INTO recorded_fact (commission, topic, version, type, at, detail)
SELECT u.commission, u.topic, u.version, u.type, u.at, u.detail::jsonb
FROM unnest(
    :commissions::uuid [], :topics::text [], :versions::bigint [], :types::text [], :instants::timestamptz [], :details::text []
) AS u (commission, topic, version, type, at, detail)
ORDER BY u.commission, u.topic, u.version
ON CONFLICT (commission, topic, version) DO NOTHING;

-- name: bump_revision()!
-- Lets live pages see that the read model has changed.
UPDATE dashboard SET revision = revision + 1;

-- name: dashboard_revision(now, soon)$
-- A short text that changes whenever a commission does, and when one becomes late or is due soon.
SELECT
    concat_ws(
        '/',
        dashboard.revision,
        (SELECT count(*) FROM commission AS c WHERE c.due <= :now::timestamptz),
        (SELECT count(*) FROM commission AS c WHERE c.due <= :soon::timestamptz)
    ) AS revision
FROM dashboard;

-- name: commission_revision(commission, now)$
-- The same for one commission, with what the bridge and ops did.
SELECT concat_ws(
    '/',
    (SELECT count(*) FROM recorded_fact AS h WHERE h.commission = :commission),
    (SELECT max(p.delivered_at) FROM fact_delivery AS p WHERE p.commission = :commission),
    (SELECT concat(count(*), ':', count(a.reason)) FROM audit_entry AS a WHERE a.commission = :commission),
    (SELECT c.written_since FROM commission AS c WHERE c.commission = :commission),
    (SELECT max(a.concluded_at) FROM audit_entry AS a WHERE a.commission = :commission),
    (SELECT c.due <= :now::timestamptz FROM commission AS c WHERE c.commission = :commission)
) AS revision;

-- name: commissions_of(commissions)
-- These commissions, in no order.
SELECT
    commission, phase, holder, since, due, paused, escalation, escalated_at, craft, offering, offering_version, customer,
    needed_by, ready_by, submitted_at, withdrawn_at, outcome, ended_at, place, written_since, rests, promised_by, at_risk
FROM listed
WHERE commission = any(:commissions::uuid []);

-- name: offerings()
-- The offerings that there are commissions of, each in its newest version here.
SELECT craft, offering, version FROM used_offering ORDER BY craft, offering;

-- name: offerings_of(commissions)
-- The offering of each of these commissions, as far as its request is here.
SELECT commission, craft, offering, offering_version AS version
FROM commission
WHERE commission = any(:commissions::uuid []) AND craft IS NOT NULL
ORDER BY commission;

-- name: counts(now, soon, most)^
-- How many commissions there are of each kind; of those that have ended no more than `most` are counted.
SELECT
    (SELECT count(*) FROM commission AS c WHERE c.due <= :now::timestamptz AND NOT c.paused) AS late,
    (
        SELECT count(*) FROM commission AS c
        WHERE (c.escalation IS NOT NULL AND NOT c.paused) OR c.written_since IS NOT NULL
    ) AS escalated,
    (
        SELECT count(*) FROM commission AS c
        WHERE c.due > :now::timestamptz AND c.due <= :soon::timestamptz AND NOT c.paused
    ) AS soon,
    (SELECT count(*) FROM commission AS c WHERE c.at_risk IS NOT NULL AND NOT c.paused) AS at_risk,
    (SELECT count(*) FROM commission AS c WHERE c.paused) AS paused,
    (SELECT count(*) FROM commission AS c WHERE c.ended_at IS NULL) AS under_way,
    (
        SELECT count(*)
        FROM (SELECT 1 AS one FROM commission AS c WHERE c.ended_at IS NOT NULL LIMIT :most::integer) AS counted
    ) AS ended;

-- name: facts(commissions)
-- The facts about these commissions, oldest first, with what the bridge did with them.
SELECT h.commission, h.topic, h.version, h.type, h.at, h.detail::text AS detail, p.outcome AS delivery
FROM recorded_fact AS h
LEFT JOIN fact_delivery AS p ON p.commission = h.commission AND p.topic = h.topic AND p.version = h.version
WHERE h.commission = any(:commissions::uuid [])
ORDER BY h.at, h.topic, h.version;
