-- name: commissions(phase, holder, offering, risk, now, soon, place, before, among, walk, lows, highs, ending_low, ending_high, first_number, last_number, codes, offerings, at_most)
-- Commissions of this kind, first what needs attention, from the one after the given place on. Of a search: those `among` the ones
-- that were gathered; or, where it finds very many, what it finds in the next so many rows of the list (`walk`, NULL: all).
SELECT
    l.commission, l.phase, l.holder, l.since, l.due, l.paused, l.escalation, l.escalated_at, l.craft, l.offering,
    l.offering_version, l.customer, l.needed_by, l.ready_by, l.submitted_at, l.withdrawn_at, l.outcome, l.ended_at, l.place,
    l.written_since, l.rests, l.promised_by, l.at_risk
FROM (
    SELECT
        n.commission, n.phase, n.holder, n.since, n.due, n.paused, n.escalation, n.escalated_at, n.craft, n.offering,
        n.offering_version, n.customer, n.needed_by, n.ready_by, n.submitted_at, n.withdrawn_at, n.outcome, n.ended_at, n.place,
        n.written_since, n.rests, n.promised_by, n.at_risk
    FROM listed AS n
    WHERE
        (:among::uuid [] IS NULL OR n.commission = any(:among::uuid []))
        AND (:phase::text IS NULL OR n.phase = :phase::text)
        AND (:holder::text IS NULL OR n.holder = :holder::text)
        AND (:offering::text IS NULL OR n.craft || '/' || n.offering = :offering::text)
        AND CASE :risk::text
            WHEN 'late' THEN n.due <= :now::timestamptz AND NOT n.paused
            WHEN 'escalated' THEN n.escalation IS NOT NULL AND NOT n.paused OR n.written_since IS NOT NULL
            WHEN 'at_risk' THEN n.at_risk IS NOT NULL AND NOT n.paused
            WHEN 'soon' THEN n.due > :now::timestamptz AND n.due <= :soon::timestamptz AND NOT n.paused
            WHEN 'paused' THEN n.paused
            WHEN 'none' THEN
                n.ended_at IS NULL AND NOT n.paused AND n.escalation IS NULL AND n.written_since IS NULL AND n.at_risk IS NULL
                AND (n.due IS NULL OR n.due > :soon::timestamptz)
            ELSE true
        END
        AND (
            :place::timestamptz IS NULL
            OR n.place > :place::timestamptz
            OR (n.place = :place::timestamptz AND n.commission < :before::uuid)
        )
    ORDER BY n.place, n.commission DESC
    LIMIT :walk::integer
) AS l
WHERE
    :lows::text [] IS NULL
    OR (
        cardinality(:lows::text []) > 0
        AND NOT EXISTS (
            SELECT FROM unnest(:lows::text [], :highs::text []) AS a (low, high)
            WHERE NOT EXISTS (
                SELECT FROM person_word AS p WHERE p.person = l.customer AND p.word >= a.low AND p.word < a.high
            )
        )
    )
    OR (
        reverse(replace(l.commission::text, '-', '')) COLLATE "C" >= :ending_low::text
        AND reverse(replace(l.commission::text, '-', '')) COLLATE "C" < :ending_high::text
    )
    OR (l.commission >= :first_number::uuid AND l.commission <= :last_number::uuid)
    OR EXISTS (SELECT FROM search_term AS k WHERE k.commission = l.commission AND k.term = any(:codes::text []))
    OR l.craft || '/' || l.offering = any(:offerings::text [])
ORDER BY l.place, l.commission DESC
LIMIT :at_most;

-- name: plan_by_what_is_asked()$
-- Until the commit, plans are made for what is asked, and not for anything that could be: how common a word is decides them.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true) AS mode;

-- name: gathered(lows, highs, ending_low, ending_high, first_number, last_number, codes, offerings, most)^
-- The commissions that a search finds, gathered by the indexes, if it finds no more than `most`; and how many people or
-- commissions it finds, up to one more.
-- Each word has a condition of its own: PostgreSQL then joins the ranges by how common they are.
WITH people AS MATERIALIZED (
    SELECT w.person
    FROM person_word AS w
    WHERE
        w.word >= (:lows::text [])[1] AND w.word < (:highs::text [])[1]
        AND (
            (:lows::text [])[2] IS NULL
            OR EXISTS (
                SELECT FROM person_word AS p
                WHERE p.person = w.person AND p.word >= (:lows::text [])[2] AND p.word < (:highs::text [])[2]
            )
        )
        AND (
            (:lows::text [])[3] IS NULL
            OR EXISTS (
                SELECT FROM person_word AS p
                WHERE p.person = w.person AND p.word >= (:lows::text [])[3] AND p.word < (:highs::text [])[3]
            )
        )
        AND (
            (:lows::text [])[4] IS NULL
            OR EXISTS (
                SELECT FROM person_word AS p
                WHERE p.person = w.person AND p.word >= (:lows::text [])[4] AND p.word < (:highs::text [])[4]
            )
        )
    LIMIT :most::integer + 1
),

found AS MATERIALIZED (
    SELECT u.commission
    FROM (
        (
            SELECT c.commission FROM commission AS c
            WHERE c.customer IN (SELECT p.person FROM people AS p) AND (SELECT count(*) FROM people) <= :most::integer
            LIMIT :most::integer + 1
        )
        UNION ALL
        (
            SELECT c.commission FROM commission AS c
            WHERE
            reverse(replace(c.commission::text, '-', '')) COLLATE "C" >= :ending_low::text
            AND reverse(replace(c.commission::text, '-', '')) COLLATE "C" < :ending_high::text
            LIMIT :most::integer + 1
        )
        UNION ALL
        (
            SELECT c.commission FROM commission AS c
            WHERE c.commission >= :first_number::uuid AND c.commission <= :last_number::uuid
            LIMIT :most::integer + 1
        )
        UNION ALL
        SELECT k.commission FROM search_term AS k WHERE k.term = any(:codes::text [])
        UNION ALL
        (
            SELECT c.commission FROM commission AS c WHERE c.craft || '/' || c.offering = any(:offerings::text [])
            LIMIT :most::integer + 1
        )
    ) AS u
    GROUP BY u.commission
)

SELECT
    greatest((SELECT count(*) FROM people), (SELECT count(*) FROM found)) AS number,
    (SELECT array_agg(f.commission) FROM found AS f) AS commissions;
