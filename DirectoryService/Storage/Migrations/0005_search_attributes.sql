-- Attributes by which an admin of a directory wants users to be found quickly; their values stand in user_lookups under the slot.
-- chosen ─► writes keep their keys ─► those who were there before are filled in ─► ready: searches use them
-- dropped ─► searches use them no more ─► keys deleted, and the row with them: the slot is free
-- Replicas know of a choice some seconds late, hence the time between the steps.
CREATE TABLE search_attributes (
  directory_id  uuid NOT NULL REFERENCES directories,
  slot          smallint NOT NULL CHECK (slot BETWEEN 1 AND 5),
  name          text COLLATE "C" NOT NULL CHECK (name <> ''),
  chosen_at     timestamptz NOT NULL,
  ready_at      timestamptz CHECK (ready_at >= chosen_at),
  dropped_at    timestamptz CHECK (dropped_at >= chosen_at),
  PRIMARY KEY (directory_id, slot)
);
CREATE UNIQUE INDEX search_attributes_name ON search_attributes (directory_id, name) WHERE dropped_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON search_attributes TO directory_app;
