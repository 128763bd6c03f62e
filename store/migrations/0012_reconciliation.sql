-- The courier stops at an event that it cannot process, with the reason, until a person decides; what was set aside is in
-- trellis.set_aside, under the name `courier`.
alter table trellis.courier
    add column stopped_at      bigint,
    add column stopped_because text,
    add constraint stopped_with_a_reason check ((stopped_at is null) = (stopped_because is null));

-- Messages whose workflows the courier has begun and of which the log does not know yet: written together with the
-- courier's position, removed once the message has a stream. If Temporal loses such a workflow, it is begun again.
create table trellis.called (
    stream    text        primary key,  -- of the message
    journey   text        not null,
    version   bigint      not null,     -- of the event that calls for it
    role      text        not null,     -- who is written to
    called_at timestamptz not null default clock_timestamp()
);

-- What the last comparison of the log with what Temporal runs has found, by kind of workflow.
create table trellis.reconciliations (
    kind        text        primary key,
    position    bigint      not null,   -- streams that moved up to here have been compared
    looked_at   timestamptz not null,   -- the reconciler's last sign of life
    compared_at timestamptz,            -- when all of them were last compared
    behind      integer     not null,   -- workflows that have not taken in what their streams hold
    missing     integer     not null,   -- what is open in the log and not run by Temporal
    failing     integer     not null,   -- workflows whose workflow task fails again and again
    woken       bigint      not null default 0,
    started     bigint      not null default 0,
    trouble     text                    -- why the last comparison came to no end
);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update, delete on trellis.called to trellis_app;
        grant select, insert, update on trellis.reconciliations to trellis_app;
    end if;
end $$;
