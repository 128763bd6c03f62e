-- An append with an expected version needs no receipt: what stands at its place says whether it was made before (see
-- store/queries/append_conflict.sql). It is one statement, store/queries/append.sql or append_one.sql. Rows in
-- trellis.appends are written only for appends without an expected version; earlier ones stay. Processes of an earlier
-- release go on calling trellis.append and trellis.append_one, which a later migration will drop.

-- No event of the stream has a lower seq: its readers leave the partitions before it alone. Null for a stream that has
-- had no append since this migration; the next one of several events fills it in.
alter table trellis.streams add column first_seq bigint;

-- Where to begin to look for the events of a stream. A function, and not part of the statements that use it: Postgres
-- calls it once before it opens partitions, so that those before are not even opened.
create function trellis.first_seq(p_stream text) returns bigint language plpgsql stable as $$
begin
    return coalesce((select first_seq from trellis.streams where stream = p_stream), 0);
end $$;

-- The seq of the first event of a stream, looked for in every partition. Null when that event was detached to a file.
create function trellis.find_first_seq(p_stream text) returns bigint language plpgsql stable as $$
begin
    return (select seq from trellis.events where stream = p_stream and version = 1);
end $$;

-- The version of a stream, held until the commit. A stream that does not exist yet is made, empty.
create or replace function trellis.lock_stream(p_stream text, p_category text) returns bigint language plpgsql as $$
declare
    v_version bigint;
begin
    select version into v_version from trellis.streams where stream = p_stream for update;
    if not found then
        insert into trellis.streams (stream, category, version, first_seq)
        select p_stream, p_category, 0, last_value + is_called::integer from trellis.events_seq
        on conflict do nothing;
        select version into strict v_version from trellis.streams where stream = p_stream for update;
    end if;
    return v_version;
end $$;

-- Appends to a stream at whatever version it is, all events or none, and leaves a receipt by which a repeated call is
-- recognized and answered as it was the first time.
--   TR002 the append id was used before, for other content
create function trellis.append_at_end(
    p_stream text, p_category text, p_append_id text,
    p_event_ids uuid[], p_types text[], p_schema_versions integer[], p_data jsonb[], p_meta jsonb[],
    p_occurred_at timestamptz[],
    out first_version bigint, out last_version bigint, out repeated boolean
) language plpgsql as $$
declare
    v_digest  constant bytea  := trellis.digest(p_types, p_schema_versions, p_data, p_occurred_at);
    v_version constant bigint := trellis.lock_stream(p_stream, p_category);
begin
    first_version := v_version + 1;
    last_version := v_version + cardinality(p_types);
    repeated := false;

    insert into trellis.appends (append_id, stream, first_version, last_version, digest)
    values (p_append_id, p_stream, first_version, last_version, v_digest)
    on conflict do nothing;
    if not found then
        select * into first_version, last_version, repeated from trellis.appended(p_append_id, p_stream, v_digest);
        return;
    end if;

    update trellis.streams set version = last_version where stream = p_stream;
    insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
    select p_stream, v_version + e.n, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at
      from unnest(p_event_ids, p_types, p_schema_versions, p_data, p_meta, p_occurred_at)
           with ordinality as e (event_id, type, schema_version, data, meta, occurred_at, n)
     order by e.n;
end $$;
