-- A replica claims items of a job for a while, instead of holding a transaction open while it works them off: it acted
-- through other connections meanwhile, and who holds one connection must not wait for another.
ALTER TABLE job_items ADD COLUMN claimed_until timestamptz;

-- Edges that were left when a user was removed while somebody added it to a group. From now on MembershipsOfRemovedUsers
-- deletes them as they come about.
DELETE FROM group_members m WHERE NOT EXISTS (SELECT FROM users u WHERE u.scim_id = m.user_scim_id AND NOT u.removed);
