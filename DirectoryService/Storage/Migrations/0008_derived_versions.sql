-- What SCIM shows of a group changes when a member's user is removed or renamed, though nobody writes to the group: its row,
-- its stored version and its time stay as they are. Counted here, so that an ETag can be made of the stored version and
-- these counters: for a group (by its SCIM id) the members that left because their users were removed; for a directory the
-- names of users that changed. Sums of shards, so that removals of many members of one group hardly ever meet.
CREATE TABLE derived_versions (
  owner  uuid NOT NULL,
  shard  smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
  n      bigint NOT NULL CHECK (n > 0),
  PRIMARY KEY (owner, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

GRANT SELECT, INSERT, UPDATE ON derived_versions TO directory_app;

-- A live group's externalId is unique in its directory. Groups that shared one before this rule keep it: the oldest holds it,
-- the others are only exempt until theirs changes, or until they come back from the dead.
ALTER TABLE groups ADD COLUMN holds_external_id boolean NOT NULL DEFAULT true;
UPDATE groups SET holds_external_id = false WHERE id IN (
  SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY directory_id, external_id ORDER BY created_at, id) AS nth FROM groups
    WHERE directory_id IS NOT NULL AND external_id <> '' AND NOT removed AND NOT console_deleted) live
  WHERE nth > 1);
CREATE UNIQUE INDEX groups_live_external_id ON groups (directory_id, external_id)
  WHERE holds_external_id AND NOT removed AND NOT console_deleted AND directory_id IS NOT NULL AND external_id <> '';
