-- How many resources SCIM shows, by the first ten bits of their ids. The default order is by id and ids are random: the sum
-- is a list's total, and the sum of the buckets before a place leads to it, so that neither a total nor a page deep in the
-- list costs more in a large directory than in a small one. A thousand counters, so that creates do not queue for one.
CREATE TABLE bucket_counts (
  directory_id  uuid NOT NULL,
  resource      text COLLATE "C" NOT NULL CHECK (resource IN ('users', 'groups')),
  bucket        smallint NOT NULL CHECK (bucket BETWEEN 0 AND 1023),
  n             bigint NOT NULL CHECK (n >= 0),
  PRIMARY KEY (directory_id, resource, bucket)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

CREATE FUNCTION bucket_of(id uuid) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ((get_byte(uuid_send(id), 0) << 2) | (get_byte(uuid_send(id), 1) >> 6))::smallint;

-- The smallest id of a bucket.
CREATE FUNCTION bucket_start(bucket smallint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (lpad(to_hex(bucket::integer << 6), 4, '0') || '0000-0000-0000-0000-000000000000')::uuid;

-- Counted by triggers, so that no statement of today or tomorrow can forget to. New rows are counted once per statement, in one
-- order of buckets, so that two statements of many rows cannot wait for each other; updates that neither show nor hide a row do
-- not get past WHEN.
CREATE FUNCTION count_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO bucket_counts AS b (directory_id, resource, bucket, n)
  SELECT directory_id, TG_TABLE_NAME, bucket_of(scim_id), count(*) FROM made
  WHERE directory_id IS NOT NULL AND NOT removed AND NOT (TG_TABLE_NAME = 'groups' AND console_deleted)
  GROUP BY 1, 3 ORDER BY 1, 3
  ON CONFLICT (directory_id, resource, bucket) DO UPDATE SET n = b.n + excluded.n;
  RETURN NULL;
END $$;
CREATE FUNCTION count_bucket() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_ARGV[0] = 'hidden' THEN
    UPDATE bucket_counts SET n = n - 1
    WHERE directory_id = OLD.directory_id AND resource = TG_TABLE_NAME AND bucket = bucket_of(OLD.scim_id);
  ELSE
    INSERT INTO bucket_counts AS b (directory_id, resource, bucket, n) VALUES (NEW.directory_id, TG_TABLE_NAME, bucket_of(NEW.scim_id), 1)
    ON CONFLICT (directory_id, resource, bucket) DO UPDATE SET n = b.n + 1;
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_new(), count_bucket() FROM PUBLIC;

CREATE TRIGGER users_counted_new AFTER INSERT ON users REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_new();
CREATE TRIGGER users_counted_hidden AFTER UPDATE ON users FOR EACH ROW
  WHEN (OLD.directory_id IS NOT NULL AND NOT OLD.removed AND (NEW.removed OR NEW.scim_id <> OLD.scim_id)) EXECUTE FUNCTION count_bucket('hidden');
CREATE TRIGGER users_counted_shown AFTER UPDATE ON users FOR EACH ROW
  WHEN (NEW.directory_id IS NOT NULL AND NOT NEW.removed AND (OLD.removed OR NEW.scim_id <> OLD.scim_id)) EXECUTE FUNCTION count_bucket('shown');

CREATE TRIGGER groups_counted_new AFTER INSERT ON groups REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_new();
CREATE TRIGGER groups_counted_hidden AFTER UPDATE ON groups FOR EACH ROW
  WHEN (OLD.directory_id IS NOT NULL AND NOT (OLD.removed OR OLD.console_deleted)
    AND (NEW.removed OR NEW.console_deleted OR NEW.scim_id <> OLD.scim_id)) EXECUTE FUNCTION count_bucket('hidden');
CREATE TRIGGER groups_counted_shown AFTER UPDATE ON groups FOR EACH ROW
  WHEN (NEW.directory_id IS NOT NULL AND NOT (NEW.removed OR NEW.console_deleted)
    AND (OLD.removed OR OLD.console_deleted OR NEW.scim_id <> OLD.scim_id)) EXECUTE FUNCTION count_bucket('shown');

-- Values by which users are looked up that a user has several of, or that are not everybody's: canonical text made in .NET,
-- by directory. Slot 0 holds email addresses; 1 to 5 are left for attributes that an admin chooses for a directory.
CREATE TABLE user_lookups (
  directory_id  uuid NOT NULL,
  slot          smallint NOT NULL CHECK (slot BETWEEN 0 AND 5),
  key           text COLLATE "C" NOT NULL,
  user_id       uuid NOT NULL,
  PRIMARY KEY (directory_id, slot, key, user_id)
);

-- What stands in the tables already; nobody writes meanwhile, since the triggers have locked them until this commits.
INSERT INTO bucket_counts (directory_id, resource, bucket, n)
  SELECT directory_id, 'users', bucket_of(scim_id), count(*) FROM users WHERE directory_id IS NOT NULL AND NOT removed GROUP BY 1, 3
  UNION ALL
  SELECT directory_id, 'groups', bucket_of(scim_id), count(*) FROM groups WHERE directory_id IS NOT NULL AND NOT (removed OR console_deleted) GROUP BY 1, 3;
INSERT INTO user_lookups (directory_id, slot, key, user_id)
  SELECT DISTINCT directory_id, 0, key, id FROM users CROSS JOIN unnest(email_keys) key WHERE directory_id IS NOT NULL;

DROP INDEX users_emails;
ALTER TABLE users DROP COLUMN email_keys;

-- Room on each page, so that a new version of a row stays on it without work on the indexes; and vacuuming that does not wait
-- for a fifth of a million rows to die.
ALTER TABLE users SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE groups SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE group_members SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

GRANT SELECT ON bucket_counts TO directory_app;
GRANT SELECT, INSERT, DELETE ON user_lookups TO directory_app;
