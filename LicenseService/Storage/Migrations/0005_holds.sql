-- A directory let go of unusually many users within an hour. The seats that this freed are kept back from others until an
-- admin releases them or a day has passed; the users themselves get them again if a rule still gives them one.

CREATE TABLE holds (
    account_id       uuid        NOT NULL,
    hold_id          uuid        NOT NULL,         -- of the directory's alert
    directory_id     uuid        NOT NULL,
    alert_at         timestamptz NOT NULL,
    deactivated      bigint      NOT NULL,
    users            bigint      NOT NULL,
    expires_at       timestamptz NOT NULL,
    released_at      timestamptz,
    released_by_kind text,
    released_by_id   text,
    released_by_name text,
    PRIMARY KEY (account_id, hold_id)
);
CREATE INDEX holds_open ON holds (account_id, directory_id) INCLUDE (expires_at) WHERE released_at IS NULL;

ALTER TABLE pools ADD COLUMN held integer NOT NULL DEFAULT 0 CHECK (held >= 0);   -- kept by the triggers on held_seats

CREATE TABLE held_seats (
    account_id uuid NOT NULL,
    pool_id    uuid NOT NULL,
    user_id    uuid NOT NULL,                      -- who held it
    hold_id    uuid NOT NULL,
    PRIMARY KEY (account_id, pool_id, user_id),
    FOREIGN KEY (account_id, hold_id) REFERENCES holds (account_id, hold_id),
    FOREIGN KEY (account_id, pool_id) REFERENCES pools (account_id, pool_id)
);
CREATE INDEX held_seats_of_hold ON held_seats (account_id, hold_id);

CREATE FUNCTION count_held_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM pools p
      WHERE (p.account_id, p.pool_id) IN (SELECT c.account_id, c.pool_id FROM changed c)
      ORDER BY p.account_id, p.pool_id FOR NO KEY UPDATE;
    UPDATE pools p
      SET held = p.held + CASE TG_OP WHEN 'INSERT' THEN c.seats ELSE -c.seats END
      FROM (SELECT account_id, pool_id, count(*)::integer AS seats FROM changed GROUP BY account_id, pool_id) c
      WHERE p.account_id = c.account_id AND p.pool_id = c.pool_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_held_seats() FROM PUBLIC;

CREATE TRIGGER seats_held AFTER INSERT ON held_seats
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_held_seats();
CREATE TRIGGER seats_released AFTER DELETE ON held_seats
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_held_seats();

GRANT SELECT, INSERT, UPDATE ON holds TO license_app;
GRANT SELECT, INSERT, DELETE ON held_seats TO license_app;
