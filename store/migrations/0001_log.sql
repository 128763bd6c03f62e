-- The event log. Facts go in, nothing goes out: what may still change here is said beside each table.

-- One row a stream. It is the lock that orders the appends to that stream, and holds the version it has reached.
create table trellis.streams (
    stream   text   primary key,
    category text   not null,
    version  bigint not null check (version >= 0)
) with (fillfactor = 80);  -- room to update a row beside itself, without touching the index

-- cache 1 is part of the guarantee: within a stream, seq rises with the version, because it is drawn under the stream's lock.
create sequence trellis.events_seq cache 1;

create table trellis.events (
    seq            bigint      not null default nextval('trellis.events_seq'),
    stream         text        not null,
    version        bigint      not null check (version >= 1),
    event_id       uuid        not null,
    type           text        not null,
    schema_version integer     not null check (schema_version >= 1),
    data           jsonb       not null,
    meta           jsonb       not null,
    occurred_at    timestamptz not null,
    recorded_at    timestamptz not null default clock_timestamp(),
    primary key (seq)
) partition by range (seq);

-- Not unique: a unique index would have to contain seq. The row in trellis.streams makes it so, and the audit proves it.
create index events_by_stream on trellis.events (stream, version);

-- One row an append: how a repeated call is known, and answered as it was the first time.
create table trellis.appends (
    append_id     text   primary key,
    stream        text   not null,
    first_version bigint not null check (first_version >= 1),
    last_version  bigint not null check (last_version >= first_version),
    digest        bytea  not null
);

-- The dense total order: every committed event gets one position, once, after its commit.
create table trellis.log (
    position bigint primary key check (position >= 1),
    seq      bigint not null unique
);

-- The one row that the sequencer advances. A leader that was replaced still holds the old epoch, and is refused.
create table trellis.sequencer (
    only_row   boolean primary key default true check (only_row),
    epoch      bigint  not null default 0,
    position   bigint  not null default 0,  -- the last one given
    top_seq    bigint  not null default 0,  -- every seq up to here has a position, is in trellis.gaps, or was rolled back
    stragglers bigint  not null default 0   -- events that were positioned after a later seq had been
);
insert into trellis.sequencer default values;

-- Numbers that were passed over because nothing was to be seen there yet. `holders` are the transactions that may
-- still bring them: when all of those are over and there is still nothing, the number was rolled back and is forgotten.
create table trellis.gaps (
    from_seq bigint      primary key,
    to_seq   bigint      not null check (to_seq >= from_seq),
    holders  xid8[],
    since    timestamptz not null default clock_timestamp()
);

-- How the log is laid out. A change of partition_events counts for the partitions made after it.
create table trellis.layout (
    only_row         boolean primary key default true check (only_row),
    partition_events bigint  not null default 4000000 check (partition_events >= 1),
    partitions_ahead integer not null default 3 check (partitions_ahead >= 1)
);
insert into trellis.layout default values;

-- What each partition holds: seq in [from_seq, to_seq). A detached one was exported to a file and is read back from there.
create table trellis.partitions (
    name        text        primary key,
    from_seq    bigint      not null unique,
    to_seq      bigint      not null check (to_seq > from_seq),
    detached_to text
);

create function trellis.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'trellis.% is append-only: % is refused. Record a new event that corrects the old one.', tg_table_name, tg_op
        using errcode = 'TR005';
end $$;

create trigger append_only before update or delete on trellis.events
    for each row execute function trellis.refuse_change();
create trigger append_only before update or delete on trellis.appends
    for each row execute function trellis.refuse_change();
create trigger append_only before update or delete on trellis.log
    for each row execute function trellis.refuse_change();
create trigger never_emptied before truncate on trellis.events
    for each statement execute function trellis.refuse_change();
create trigger never_emptied before truncate on trellis.appends
    for each statement execute function trellis.refuse_change();
create trigger never_emptied before truncate on trellis.log
    for each statement execute function trellis.refuse_change();

-- A partition is made by itself and then attached: that waits for nobody. `create table ... partition of` would wait for
-- every open append, and all later ones would wait behind it.
create function trellis.add_partition(p_name text, p_from bigint, p_to bigint) returns void language plpgsql as $$
begin
    execute format('create table trellis.%I (like trellis.events including defaults including constraints)', p_name);
    execute format('create trigger never_emptied before truncate on trellis.%I
                    for each statement execute function trellis.refuse_change()', p_name);
    execute format('alter table trellis.events attach partition trellis.%I for values from (%s) to (%s)',
                   p_name, p_from, p_to);
end $$;

-- Sees to it that partitions exist for the numbers to come; returns how many it made. Safe to call at any time.
create function trellis.create_partitions() returns integer language plpgsql as $$
declare
    v_layout trellis.layout;
    v_next   bigint;
    v_last   bigint;
    v_name   text;
    v_made   integer := 0;
begin
    select * into v_layout from trellis.layout for update;  -- one caller at a time
    select last_value into v_last from trellis.events_seq;
    select coalesce(max(to_seq), 1) into v_next from trellis.partitions;
    while v_next <= v_last + v_layout.partition_events * v_layout.partitions_ahead loop
        v_name := 'events_' || lpad(v_next::text, 12, '0');
        perform trellis.add_partition(v_name, v_next, v_next + v_layout.partition_events);
        insert into trellis.partitions (name, from_seq, to_seq) values (v_name, v_next, v_next + v_layout.partition_events);
        v_next := v_next + v_layout.partition_events;
        v_made := v_made + 1;
    end loop;
    return v_made;
end $$;

select trellis.create_partitions();
