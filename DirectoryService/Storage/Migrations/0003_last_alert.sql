-- The latest mass deactivation of a directory is part of its state, and so of every fact about it: whoever hears of it can
-- hold back what it freed.
ALTER TABLE directories ADD COLUMN last_alert jsonb; -- {alertId, at, deactivated, users}; null: there never was one
