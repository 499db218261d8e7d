-- What this service owns: pools of seats, who holds one, and how it came and went.

CREATE TABLE pools (
    account_id uuid        NOT NULL,
    pool_id    uuid        NOT NULL,
    product    text        NOT NULL,
    seats      integer     NOT NULL CHECK (seats >= 0),
    used       integer     NOT NULL DEFAULT 0,   -- kept by the triggers on grants, by nothing else
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, pool_id),
    CONSTRAINT one_pool_per_product UNIQUE (account_id, product),
    CONSTRAINT pool_of_product UNIQUE (account_id, pool_id, product),
    CONSTRAINT never_oversold CHECK (used BETWEEN 0 AND seats)
) WITH (fillfactor = 50);                        -- used changes often; room keeps those updates on the page, without index work

CREATE TABLE grants (
    account_id      uuid        NOT NULL,
    pool_id         uuid        NOT NULL,
    product         text        NOT NULL,
    user_id         uuid        NOT NULL,
    deactivations   bigint      NOT NULL,        -- the user's counter when the seat was given: a higher one frees it
    granted_at      timestamptz NOT NULL,
    granted_by_kind text        NOT NULL,
    granted_by_id   text        NOT NULL,
    granted_by_name text,
    PRIMARY KEY (account_id, pool_id, user_id),
    CONSTRAINT one_grant_per_product UNIQUE (account_id, user_id, product),
    FOREIGN KEY (account_id, pool_id, product) REFERENCES pools (account_id, pool_id, product)
);

-- A seat is used exactly while a grant stands. Counting in a trigger leaves no statement, of today or tomorrow, that
-- could give a seat without passing never_oversold. Per statement: a batch of a thousand grants is one update.
CREATE FUNCTION count_used_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Pools in one order, so that two statements over the same pools cannot wait for each other.
    PERFORM FROM pools p
      WHERE (p.account_id, p.pool_id) IN (SELECT c.account_id, c.pool_id FROM changed c)
      ORDER BY p.account_id, p.pool_id FOR NO KEY UPDATE;
    UPDATE pools p
      SET used = p.used + CASE TG_OP WHEN 'INSERT' THEN c.seats ELSE -c.seats END
      FROM (SELECT account_id, pool_id, count(*)::integer AS seats FROM changed GROUP BY account_id, pool_id) c
      WHERE p.account_id = c.account_id AND p.pool_id = c.pool_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_used_seats() FROM PUBLIC;

CREATE TRIGGER seats_given AFTER INSERT ON grants
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_used_seats();
CREATE TRIGGER seats_freed AFTER DELETE ON grants
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_used_seats();

CREATE TABLE grant_history (
    account_id uuid        NOT NULL,
    entry      bigint      GENERATED ALWAYS AS IDENTITY,
    pool_id    uuid        NOT NULL,
    product    text        NOT NULL,
    user_id    uuid        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('granted', 'freed')),
    reason     text        NOT NULL,
    event_id   uuid,                             -- the fact that freed it; null for an admin's action
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    actor_name text,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, entry)
);
CREATE INDEX grant_history_of_user ON grant_history (account_id, user_id, entry);
CREATE INDEX grant_history_of_pool ON grant_history (account_id, pool_id, entry);

GRANT SELECT, INSERT, UPDATE (seats) ON pools TO license_app;
GRANT SELECT, INSERT, DELETE ON grants TO license_app;
GRANT SELECT, INSERT ON grant_history TO license_app;
