-- name: commissions(phase, holder, offering, risk, now, soon, place, before, at_most)
-- Commissions of this kind, first what needs attention, from the one after the given place on.
SELECT
    l.commission, l.phase, l.holder, l.since, l.due, l.paused, l.escalation, l.escalated_at, l.craft, l.offering,
    l.offering_version, l.customer, l.needed_by, l.ready_by, l.submitted_at, l.withdrawn_at, l.outcome, l.ended_at, l.written_since
FROM listed AS l
WHERE
    (:phase::text IS NULL OR l.phase = :phase::text)
    AND (:holder::text IS NULL OR l.holder = :holder::text)
    AND (:offering::text IS NULL OR l.craft || '/' || l.offering = :offering::text)
    AND CASE :risk::text
        WHEN 'late' THEN l.due <= :now::timestamptz AND NOT l.paused
        WHEN 'escalated' THEN l.escalation IS NOT NULL AND NOT l.paused OR l.written_since IS NOT NULL
        WHEN 'soon' THEN l.due > :now::timestamptz AND l.due <= :soon::timestamptz AND NOT l.paused
        WHEN 'paused' THEN l.paused
        WHEN 'none' THEN
            l.ended_at IS NULL AND NOT l.paused AND l.escalation IS NULL AND l.written_since IS NULL
            AND (l.due IS NULL OR l.due > :soon::timestamptz)
        ELSE true
    END
    AND (
        :place::timestamptz IS NULL
        OR l.place > :place::timestamptz
        OR (l.place = :place::timestamptz AND l.commission < :before::uuid)
    )
ORDER BY l.place, l.commission DESC
LIMIT :at_most;

-- name: plan_by_what_is_asked()$
-- Until the commit, plans are made for what is asked, and not for anything that could be: how common a word is decides them.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true) AS mode;

-- name: commissions_found(phase, holder, offering, risk, lows, highs, ending_low, ending_high, first_number, last_number, codes, offerings, now, soon, place, before, most, at_most)
-- The same among those that a search finds, if it finds no more than `most`: gathered by the indexes, then put in order. Each row
-- has the number that was found; there is one without a commission where none is listed.
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
),

counted AS MATERIALIZED (
    SELECT greatest((SELECT count(*) FROM people), (SELECT count(*) FROM found)) AS number
)

SELECT
    counted.number,
    l.commission, l.phase, l.holder, l.since, l.due, l.paused, l.escalation, l.escalated_at, l.craft, l.offering,
    l.offering_version, l.customer, l.needed_by, l.ready_by, l.submitted_at, l.withdrawn_at, l.outcome, l.ended_at, l.written_since
FROM counted
LEFT JOIN LATERAL (
    SELECT
        l.commission, l.phase, l.holder, l.since, l.due, l.paused, l.escalation, l.escalated_at, l.craft, l.offering,
        l.offering_version, l.customer, l.needed_by, l.ready_by, l.submitted_at, l.withdrawn_at, l.outcome, l.ended_at, l.written_since
    FROM found AS f
    INNER JOIN listed AS l ON l.commission = f.commission
    WHERE
        counted.number <= :most::integer
        AND (:phase::text IS NULL OR l.phase = :phase::text)
        AND (:holder::text IS NULL OR l.holder = :holder::text)
        AND (:offering::text IS NULL OR l.craft || '/' || l.offering = :offering::text)
        AND CASE :risk::text
            WHEN 'late' THEN l.due <= :now::timestamptz AND NOT l.paused
            WHEN 'escalated' THEN l.escalation IS NOT NULL AND NOT l.paused OR l.written_since IS NOT NULL
            WHEN 'soon' THEN l.due > :now::timestamptz AND l.due <= :soon::timestamptz AND NOT l.paused
            WHEN 'paused' THEN l.paused
            WHEN 'none' THEN
                l.ended_at IS NULL AND NOT l.paused AND l.escalation IS NULL AND l.written_since IS NULL
                AND (l.due IS NULL OR l.due > :soon::timestamptz)
            ELSE true
        END
        AND (
            :place::timestamptz IS NULL
            OR l.place > :place::timestamptz
            OR (l.place = :place::timestamptz AND l.commission < :before::uuid)
        )
    ORDER BY l.place, l.commission DESC
    LIMIT :at_most
) AS l ON true;

-- name: commissions_among_many(phase, holder, offering, risk, lows, highs, ending_low, ending_high, first_number, last_number, codes, offerings, now, soon, place, before, at_most)
-- The same where a search finds very many: the list is read in its order until enough of them have come by. What is asked of each
-- is asked by LIMIT 1, which lets PostgreSQL look into the index rather than gather all words first.
SELECT
    l.commission, l.phase, l.holder, l.since, l.due, l.paused, l.escalation, l.escalated_at, l.craft, l.offering,
    l.offering_version, l.customer, l.needed_by, l.ready_by, l.submitted_at, l.withdrawn_at, l.outcome, l.ended_at, l.written_since
FROM listed AS l
WHERE
    (
        (
            (
                SELECT true FROM person_word AS w
                WHERE w.person = l.customer AND w.word >= (:lows::text [])[1] AND w.word < (:highs::text [])[1]
                LIMIT 1
            )
            AND (
                (:lows::text [])[2] IS NULL
                OR (
                    SELECT true FROM person_word AS p
                    WHERE p.person = l.customer AND p.word >= (:lows::text [])[2] AND p.word < (:highs::text [])[2]
                    LIMIT 1
                )
            )
            AND (
                (:lows::text [])[3] IS NULL
                OR (
                    SELECT true FROM person_word AS p
                    WHERE p.person = l.customer AND p.word >= (:lows::text [])[3] AND p.word < (:highs::text [])[3]
                    LIMIT 1
                )
            )
            AND (
                (:lows::text [])[4] IS NULL
                OR (
                    SELECT true FROM person_word AS p
                    WHERE p.person = l.customer AND p.word >= (:lows::text [])[4] AND p.word < (:highs::text [])[4]
                    LIMIT 1
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
    )
    AND (:phase::text IS NULL OR l.phase = :phase::text)
    AND (:holder::text IS NULL OR l.holder = :holder::text)
    AND (:offering::text IS NULL OR l.craft || '/' || l.offering = :offering::text)
    AND CASE :risk::text
        WHEN 'late' THEN l.due <= :now::timestamptz AND NOT l.paused
        WHEN 'escalated' THEN l.escalation IS NOT NULL AND NOT l.paused OR l.written_since IS NOT NULL
        WHEN 'soon' THEN l.due > :now::timestamptz AND l.due <= :soon::timestamptz AND NOT l.paused
        WHEN 'paused' THEN l.paused
        WHEN 'none' THEN
            l.ended_at IS NULL AND NOT l.paused AND l.escalation IS NULL AND l.written_since IS NULL
            AND (l.due IS NULL OR l.due > :soon::timestamptz)
        ELSE true
    END
    AND (
        :place::timestamptz IS NULL
        OR l.place > :place::timestamptz
        OR (l.place = :place::timestamptz AND l.commission < :before::uuid)
    )
ORDER BY l.place, l.commission DESC
LIMIT :at_most;
