-- An alert comes seconds after the deactivations that it counts, and up to an hour after the first of them. Seats that went to the
-- waiting list meanwhile are taken back, so that it makes no difference when the alert arrives.

-- Since when the holder stood in line, where it got an open seat from the line: there it goes back to. Null: an admin gave the
-- seat, or it is the holder's own, which a hold had kept back; those are never taken back by an alert.
ALTER TABLE grants ADD COLUMN waiting_since timestamptz;

ALTER TABLE holds
    ADD COLUMN settled_at timestamptz,                       -- null: what was freed before the hold began is still to be kept back
    ADD COLUMN taken_back bigint NOT NULL DEFAULT 0;         -- seats taken back from users who had waited
UPDATE holds SET settled_at = alert_at;                      -- what went on before this version stays as it is
CREATE INDEX holds_unsettled ON holds (account_id, hold_id) WHERE settled_at IS NULL;
