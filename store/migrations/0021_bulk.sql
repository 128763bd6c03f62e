-- Which journeys a bulk action is for, frozen when it was planned, and what came of each. That it was planned, begun and
-- paused is in the log, on the stream `bulk-` and the id; the answers of journeys are on their own streams.
create table trellis.bulk_selections (
    bulk        text        primary key,
    digest      text        not null unique, -- what a script confirms
    selected_at timestamptz not null default clock_timestamp(),
    begun       boolean     not null default false -- only those that nobody confirmed are ever deleted
);
create table trellis.bulk_items (
    bulk     text    not null references trellis.bulk_selections on delete cascade,
    number   integer not null, -- in the order in which they were selected
    journey  text    not null,
    program  text    not null,
    learner  text    not null,
    command  text,             -- for this journey, where it is not the same for all
    mentor   text,             -- who takes over
    attempts integer not null default 0,
    outcome  text check (outcome in ('done', 'unchanged', 'refused', 'unanswered')),
    code     text,             -- why it was refused
    says     text,             -- the same in words, which may be personal
    events   text[],           -- what was recorded
    at       timestamptz,
    primary key (bulk, number),
    unique (bulk, journey)
);
create index bulk_items_left on trellis.bulk_items (bulk, attempts, number) where outcome is null;
create index bulk_items_by_outcome on trellis.bulk_items (bulk, outcome, number);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update, delete on trellis.bulk_selections, trellis.bulk_items to trellis_app;
    end if;
end $$;
