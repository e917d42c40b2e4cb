-- name: ages(now, soon)
-- Each commission in progress: its phase, since when it has been in it without a break, and its risk.
SELECT
    c.commission, c.phase,
    coalesce(
        (
            SELECT min(s.since)
            FROM holder_span AS s
            WHERE
                s.commission = c.commission
                AND s.number > coalesce(
                    (SELECT max(o.number) FROM holder_span AS o WHERE o.commission = c.commission AND o.phase <> c.phase), -1
                )
        ), c.since
    ) AS since,
    CASE
        WHEN c.paused AND c.written_since IS NULL THEN 'paused'
        WHEN c.due <= :now::timestamptz AND NOT c.paused THEN 'late'
        WHEN c.escalation IS NOT NULL OR c.written_since IS NOT NULL THEN 'escalated'
        WHEN c.at_risk IS NOT NULL THEN 'at_risk'
        WHEN c.due <= :soon::timestamptz THEN 'soon'
        ELSE 'none'
    END AS risk
FROM commission AS c
WHERE c.ended_at IS NULL;

-- name: throughput(zone, first)
-- What was asked for, completed and ended ended_early in each week since `first`; a week begins on Monday in the studio's zone.
SELECT
    date_trunc('week', happened.at AT TIME ZONE :zone::text)::date AS week,
    count(*) FILTER (WHERE happened.what = 'submitted') AS submitted,
    count(*) FILTER (WHERE happened.what = 'completed') AS completed,
    count(*) FILTER (WHERE happened.what = 'ended_early') AS ended_early
FROM (
    SELECT c.submitted_at AS at, 'submitted' AS what FROM commission AS c WHERE c.submitted_at >= :first::timestamptz
    UNION ALL
    SELECT c.ended_at AS at, CASE c.outcome WHEN 'completed' THEN 'completed' ELSE 'ended_early' END AS what
    FROM commission AS c
    WHERE c.ended_at >= :first::timestamptz
) AS happened
GROUP BY week
ORDER BY week;

-- name: lead_times(first)
-- For how long each holder was waited for in completed commissions that ended since `first`, in seconds: quartiles and extremes.
-- While a piece rests, its maker is not waited for.
SELECT
    held.holder, count(*) AS commissions, min(held.seconds) AS shortest, max(held.seconds) AS longest,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY held.seconds) AS lower,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY held.seconds) AS median,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY held.seconds) AS upper
FROM (
    SELECT
        c.commission, h.holder,
        coalesce(sum(s.seconds), 0) AS seconds
    FROM commission AS c
    CROSS JOIN (VALUES ('customer'), ('maker'), ('studio'), ('process'), ('paused')) AS h (holder)
    LEFT JOIN (
        SELECT
            w.commission, CASE WHEN w.paused THEN 'paused' ELSE w.holder END AS holder,
            extract(EPOCH FROM w.until - w.since)::double precision AS seconds
        FROM holder_span AS w
        UNION ALL
        SELECT
            w.commission, x.holder,
            x.sign * extract(EPOCH FROM least(w.until, r.until) - greatest(w.since, r.since))::double precision AS seconds
        FROM holder_span AS w
        INNER JOIN bench_rest AS r ON r.commission = w.commission AND r.since < w.until AND r.until > w.since
        CROSS JOIN (VALUES ('maker', -1), ('process', 1)) AS x (holder, sign)
        WHERE w.phase = 'making' AND w.holder = 'maker' AND NOT w.paused
    ) AS s ON s.commission = c.commission AND s.holder = h.holder
    WHERE c.outcome = 'completed' AND c.ended_at >= :first::timestamptz
    GROUP BY c.commission, h.holder
) AS held
GROUP BY held.holder;
