-- The same append, with less work for each event.

-- A check is parsed anew for every statement: for one event, five of them cost as much as its insert into a table. What
-- they said holds by what is written below, and the audit proves it: versions only ever follow each other from 1.
alter table trellis.streams drop constraint streams_version_check;
alter table trellis.events drop constraint events_version_check, drop constraint events_schema_version_check;
alter table trellis.appends drop constraint appends_first_version_check, drop constraint appends_check;

-- What an earlier call of this append was answered.
--   TR002 the append id was used before, for other content
create function trellis.appended(
    p_append_id text, p_stream text, p_digest bytea,
    out first_version bigint, out last_version bigint, out repeated boolean
) language plpgsql as $$
declare
    v_before trellis.appends;
begin
    select * into strict v_before from trellis.appends where append_id = p_append_id;
    if v_before.stream <> p_stream or v_before.digest <> p_digest then
        raise exception 'append id % was used before, on stream %, for other content', p_append_id, v_before.stream
            using errcode = 'TR002', detail = v_before.stream;
    end if;
    first_version := v_before.first_version;
    last_version := v_before.last_version;
    repeated := true;
end $$;

--   TR001 the stream is not at the expected version (detail: the version found)
create function trellis.refuse_version(p_stream text, p_expected bigint) returns void language plpgsql as $$
declare
    v_found constant bigint := coalesce((select version from trellis.streams where stream = p_stream), 0);
begin
    raise exception 'stream % is at version %, not %', p_stream, v_found, p_expected
        using errcode = 'TR001', detail = v_found::text;
end $$;

-- Appends to one stream, all events or none, in one round trip. Refuses as the two above say.
-- p_expected null means: at whatever version the stream is.
create or replace function trellis.append(
    p_stream text, p_category text, p_expected bigint, p_append_id text,
    p_event_ids uuid[], p_types text[], p_schema_versions integer[], p_data jsonb[], p_meta jsonb[],
    p_occurred_at timestamptz[],
    out first_version bigint, out last_version bigint, out repeated boolean
) language plpgsql as $$
declare
    v_digest constant bytea := trellis.digest(p_types, p_schema_versions, p_data, p_occurred_at);
begin
    if p_expected is null then
        p_expected := trellis.lock_stream(p_stream, p_category);
    end if;
    first_version := p_expected + 1;
    last_version := p_expected + cardinality(p_types);
    repeated := false;

    insert into trellis.appends values (p_append_id, p_stream, first_version, last_version, v_digest)
    on conflict do nothing;
    if not found then
        select * into first_version, last_version, repeated from trellis.appended(p_append_id, p_stream, v_digest);
        return;
    end if;

    -- Compare and set. The row stays locked until the commit, and only under that lock is seq drawn.
    if p_expected = 0 then
        insert into trellis.streams as s values (p_stream, p_category, last_version)
        on conflict (stream) do update set version = excluded.version where s.version = 0;
    else
        update trellis.streams set version = last_version where stream = p_stream and version = p_expected;
    end if;
    if not found then
        perform trellis.refuse_version(p_stream, p_expected);
    end if;

    insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
    select p_stream, p_expected + e.n, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at
      from unnest(p_event_ids, p_types, p_schema_versions, p_data, p_meta, p_occurred_at)
           with ordinality as e (event_id, type, schema_version, data, meta, occurred_at, n);
end $$;

-- The same for one event, as nearly every append has. Word for word the same up to its insert: to share those words, a
-- function in between, costs as much as it saves; so do the arrays.
create function trellis.append_one(
    p_stream text, p_category text, p_expected bigint, p_append_id text,
    p_event_id uuid, p_type text, p_schema_version integer, p_data jsonb, p_meta jsonb, p_occurred_at timestamptz,
    out first_version bigint, out last_version bigint, out repeated boolean
) language plpgsql as $$
declare
    v_digest constant bytea :=
        trellis.digest(array[p_type], array[p_schema_version], array[p_data], array[p_occurred_at]);
begin
    if p_expected is null then
        p_expected := trellis.lock_stream(p_stream, p_category);
    end if;
    first_version := p_expected + 1;
    last_version := p_expected + 1;
    repeated := false;

    insert into trellis.appends values (p_append_id, p_stream, first_version, last_version, v_digest)
    on conflict do nothing;
    if not found then
        select * into first_version, last_version, repeated from trellis.appended(p_append_id, p_stream, v_digest);
        return;
    end if;

    -- Compare and set. The row stays locked until the commit, and only under that lock is seq drawn.
    if p_expected = 0 then
        insert into trellis.streams as s values (p_stream, p_category, last_version)
        on conflict (stream) do update set version = excluded.version where s.version = 0;
    else
        update trellis.streams set version = last_version where stream = p_stream and version = p_expected;
    end if;
    if not found then
        perform trellis.refuse_version(p_stream, p_expected);
    end if;

    insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
    values (p_stream, first_version, p_event_id, p_type, p_schema_version, p_data, p_meta, p_occurred_at);
end $$;
