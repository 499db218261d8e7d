-- Rights follow the service's name, which these tests vary.
CREATE TABLE things (id int PRIMARY KEY);
INSERT INTO things VALUES (1);
DO $$ BEGIN EXECUTE format('GRANT SELECT ON things TO %I', replace(current_user::text, '_owner', '_app')); END $$;
