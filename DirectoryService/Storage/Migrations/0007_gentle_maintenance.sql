-- Tables that grow with the directory are analysed and vacuumed every minute while it is first filled, and requests wait
-- beside that. What is looked for is found by index, whatever the planner knows of how values are spread: 6,000 sampled rows
-- are enough, and take a fifth of the time. And vacuuming rests 10 ms where it rested 2. (Groups and their members keep their
-- statistics: they are joined, and groups differ much in size.)
CREATE FUNCTION maintain_gently(grows regclass) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  sampled name;
BEGIN
  FOR sampled IN SELECT attname FROM pg_attribute WHERE attrelid = grows AND attnum > 0 AND NOT attisdropped AND attstattarget IS DISTINCT FROM 0 LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 20', grows, sampled);
  END LOOP;
  IF (SELECT relkind = 'r' FROM pg_class WHERE oid = grows) THEN
    EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_cost_delay = 10)', grows);
  END IF;
END $$;
REVOKE ALL ON FUNCTION maintain_gently(regclass) FROM PUBLIC;

SELECT maintain_gently(t) FROM unnest(ARRAY['users', 'user_lookups', 'sealed', 'events']::regclass[]) t;
SELECT maintain_gently(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'events'::regclass;

-- As it was; a new partition takes over what is told of the events' columns, but not how they are sampled.
CREATE OR REPLACE FUNCTION ensure_event_partitions(today date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first date;
  partition text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_event_partitions'));
  FOR i IN 0..months LOOP
    first := (date_trunc('month', today) + make_interval(months => i))::date;
    partition := format('events_%s', to_char(first, 'YYYYMM'));
    CONTINUE WHEN to_regclass(partition) IS NOT NULL
      OR EXISTS (SELECT FROM events_default WHERE at >= first AND at < first + interval '1 month');
    EXECUTE format('CREATE TABLE %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
      partition, first::timestamptz, (first + interval '1 month')::timestamptz);
    EXECUTE format('ALTER TABLE %I ALTER COLUMN payload SET STATISTICS 0, ALTER COLUMN details SET STATISTICS 0, ALTER COLUMN actor SET STATISTICS 0', partition);
    PERFORM maintain_gently(partition::regclass);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
