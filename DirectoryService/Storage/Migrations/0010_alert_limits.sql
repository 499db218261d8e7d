-- From when on many deactivations are an alert differs from directory to directory: one of contractors loses a fifth of its users
-- every month. Null: as the configuration says (Alerts:MassDeactivation).
ALTER TABLE directories
  ADD COLUMN alert_users integer CHECK (alert_users >= 1),
  ADD COLUMN alert_share double precision CHECK (alert_share BETWEEN 0 AND 1),
  ADD COLUMN alert_at_least integer CHECK (alert_at_least >= 1);
