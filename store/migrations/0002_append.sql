-- What an append wrote, in a form that does not depend on how its JSON was spelled. Ids and meta do not count.
create function trellis.digest(types text[], schema_versions integer[], data jsonb[], occurred_at timestamptz[])
returns bytea language sql stable as $$
    select sha256(array_send(types) || array_send(schema_versions) || array_send(data) || array_send(occurred_at))
$$;

-- Appends to one stream, all events or none, in one round trip.
--   TR001 the stream is not at the expected version (detail: the version found)
--   TR002 the append id was used before, for other content
-- p_expected null means: at whatever version the stream is.
create function trellis.append(
    p_stream text, p_category text, p_expected bigint, p_append_id text,
    p_event_ids uuid[], p_types text[], p_schema_versions integer[], p_data jsonb[], p_meta jsonb[],
    p_occurred_at timestamptz[],
    out first_version bigint, out last_version bigint, out repeated boolean
) language plpgsql as $$
declare
    v_count  constant integer := cardinality(p_types);
    v_digest constant bytea := trellis.digest(p_types, p_schema_versions, p_data, p_occurred_at);
    v_before trellis.appends;
    v_found  bigint;
begin
    if p_expected is null then
        p_expected := trellis.lock_stream(p_stream, p_category);
    end if;
    first_version := p_expected + 1;
    last_version := p_expected + v_count;
    repeated := false;

    insert into trellis.appends values (p_append_id, p_stream, first_version, last_version, v_digest)
    on conflict do nothing;
    if not found then
        select * into strict v_before from trellis.appends where append_id = p_append_id;
        if v_before.stream <> p_stream or v_before.digest <> v_digest then
            raise exception 'append id % was used before, on stream %, for other content', p_append_id, v_before.stream
                using errcode = 'TR002', detail = v_before.stream;
        end if;
        first_version := v_before.first_version;
        last_version := v_before.last_version;
        repeated := true;
        return;
    end if;

    -- Compare and set. The row stays locked until the commit, and only under that lock is seq drawn.
    if p_expected = 0 then
        insert into trellis.streams as s values (p_stream, p_category, v_count)
        on conflict (stream) do update set version = excluded.version where s.version = 0;
    else
        update trellis.streams set version = last_version where stream = p_stream and version = p_expected;
    end if;
    if not found then
        select version into v_found from trellis.streams where stream = p_stream;
        raise exception 'stream % is at version %, not %', p_stream, coalesce(v_found, 0), p_expected
            using errcode = 'TR001', detail = coalesce(v_found, 0)::text;
    end if;

    if v_count = 1 then  -- nearly always; scanning six arrays costs as much as the insert itself
        insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
        values (p_stream, first_version, p_event_ids[1], p_types[1], p_schema_versions[1], p_data[1], p_meta[1],
                p_occurred_at[1]);
    else
        insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
        select p_stream, p_expected + e.n, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at
          from unnest(p_event_ids, p_types, p_schema_versions, p_data, p_meta, p_occurred_at)
               with ordinality as e (event_id, type, schema_version, data, meta, occurred_at, n);
    end if;
end $$;

-- The version of a stream, held until the commit. A stream that does not exist yet is made, empty.
create function trellis.lock_stream(p_stream text, p_category text) returns bigint language plpgsql as $$
declare
    v_version bigint;
begin
    select version into v_version from trellis.streams where stream = p_stream for update;
    if not found then
        insert into trellis.streams values (p_stream, p_category, 0) on conflict do nothing;
        select version into strict v_version from trellis.streams where stream = p_stream for update;
    end if;
    return v_version;
end $$;
