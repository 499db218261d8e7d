-- No statistics on whole documents: no plan asks for them, and to take the samples apart kept a core busy for a second or
-- two at each ANALYZE of a large table under load, while requests waited.
ALTER TABLE users ALTER COLUMN document SET STATISTICS 0;
ALTER TABLE groups ALTER COLUMN document SET STATISTICS 0;
ALTER TABLE events ALTER COLUMN payload SET STATISTICS 0, ALTER COLUMN details SET STATISTICS 0, ALTER COLUMN actor SET STATISTICS 0;

-- As it was; a new partition takes over what is told of its columns, but not this.
CREATE OR REPLACE FUNCTION ensure_event_partitions(today date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first date;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_event_partitions'));
  FOR i IN 0..months LOOP
    first := (date_trunc('month', today) + make_interval(months => i))::date;
    CONTINUE WHEN to_regclass(format('events_%s', to_char(first, 'YYYYMM'))) IS NOT NULL
      OR EXISTS (SELECT FROM events_default WHERE at >= first AND at < first + interval '1 month');
    EXECUTE format('CREATE TABLE events_%s PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
      to_char(first, 'YYYYMM'), first::timestamptz, (first + interval '1 month')::timestamptz);
    EXECUTE format('ALTER TABLE events_%s ALTER COLUMN payload SET STATISTICS 0, ALTER COLUMN details SET STATISTICS 0, ALTER COLUMN actor SET STATISTICS 0',
      to_char(first, 'YYYYMM'));
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
