-- Where every projection stands. A generation is one build of one: its tables are in a schema of its own, and the views
-- in the schema `views`, which readers use, show the generation that is live.
create schema views;

create table trellis.projections (
    name            text        not null,
    generation      integer     not null,
    version         integer     not null,
    shape           text        not null,           -- digest of its tables and of the state that it keeps
    status          text        not null check (status in ('building', 'live', 'retired', 'rejected')),
    position        bigint      not null default 0, -- everything up to here has been applied
    epoch           bigint      not null default 0, -- of the runner that leads; an earlier one is refused
    speed           float8      not null default 0, -- events a second, in the last batch that had any
    seen_at         timestamptz,                    -- the runner's last sign of life
    stopped_at      bigint,                         -- the position of the event that it cannot apply
    stopped_because text,
    primary key (name, generation),
    check ((stopped_at is null) = (stopped_because is null))
);
create unique index one_live on trellis.projections (name) where status = 'live';
create unique index one_building on trellis.projections (name) where status = 'building';

-- Events that a person told a projection to leave out, with why. A skipped one is left out for good, by rebuilds as
-- well. A parked one holds its stream back, and both wait for a retry; what was retried stays here as history.
create table trellis.set_aside (
    name     text        not null,
    position bigint      not null,
    stream   text        not null,
    kind     text        not null check (kind in ('parked', 'skipped', 'retried')),
    reason   text        not null check (reason <> ''),
    actor    text        not null check (actor <> ''),
    at       timestamptz not null default clock_timestamp(),
    primary key (name, position)
);

-- How far each slice of a rebuild is: statements go by position, folds by stream.
create table trellis.slices (
    name       text    not null,
    generation integer not null,
    slice      integer not null,
    slices     integer not null,
    target     bigint  not null,            -- the position that it is built up to
    position   bigint  not null default 0,
    stream     text    not null default '',
    events     bigint  not null,            -- all that it has to do
    done       bigint  not null default 0,  -- and of these, done
    primary key (name, generation, slice),
    foreign key (name, generation) references trellis.projections on delete cascade
);

create function trellis.slice_of(p_stream text, p_slices integer) returns integer language sql immutable parallel safe as $$
    select (hashtext(p_stream) & 2147483647) % p_slices
$$;

-- What a projection is to look at: the events of some types at positions in (after_position, upto]; of them, those of one
-- slice of the streams; without the streams that are held back; and, unless it is null, of these streams only.
create type trellis.extent as (
    after_position bigint, upto bigint, types text[], slice integer, slices integer, held text[], only_streams text[]
);

-- Simple enough to be inlined into the statement that uses it.
create function trellis.batch(p_extent trellis.extent)
returns table ("position" bigint, stream text, version bigint, event_id uuid, type text, schema_version integer, data jsonb,
               meta jsonb, occurred_at timestamptz, recorded_at timestamptz)
language sql stable as $$
    select l.position, e.stream, e.version, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at, e.recorded_at
      from trellis.log as l
      join trellis.events as e on e.seq = l.seq
     where l.position > p_extent.after_position and l.position <= p_extent.upto
       and e.type = any (p_extent.types)
       and (p_extent.slices = 1 or trellis.slice_of(e.stream, p_extent.slices) = p_extent.slice)
       and e.stream <> all (p_extent.held)
       and (p_extent.only_streams is null or e.stream = any (p_extent.only_streams))
$$;
