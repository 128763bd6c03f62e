-- Webhooks: where events are sent to, how that goes, and who decided what about them.

create table trellis.webhooks (
    webhook         text        primary key,
    url             text        not null,
    description     text        not null,
    types           text[]      not null,  -- names of event types, and `journey.*`; empty: all
    programs        text[],                -- null: all, and events of no program as well
    role            text        not null check (role in ('ops', 'integration', 'observer')),
    secret          text        not null,  -- as it is: it signs, so a hash of it would not do
    previous        jsonb       not null default '[]',  -- secrets before it, each with until when it signs as well
    status          text        not null default 'enabled' check (status in ('enabled', 'disabled', 'removed')),
    because         text,                  -- why it is disabled
    disabled_by     text,
    position        bigint      not null,  -- everything up to here was delivered, or has a row below
    pass            bigint      not null default 0,  -- of the worker that delivers; one with an older number records nothing
    failing_since   timestamptz,
    failures        integer     not null default 0,
    not_before      timestamptz,
    accepted_at     timestamptz,
    made_at         timestamptz not null default clock_timestamp(),
    made_by         text        not null
);

-- The delivery log, and what is still to be delivered of what could not be delivered at once. What has not been read
-- from the log yet has no row: a receiver that is away for days costs none.
create table trellis.webhook_deliveries (
    webhook    text        not null references trellis.webhooks,
    position   bigint      not null,
    event      uuid        not null,
    type       text        not null,
    stream     text        not null,
    state      text        not null check (state in ('waiting', 'delivered', 'given_up', 'skipped')),
    attempts   integer     not null,
    first_at   timestamptz,
    last_at    timestamptz,
    next_at    timestamptz,  -- null while it waits: it stands behind another one of its stream
    outcome    text,
    status     integer,
    because    text,
    tries      jsonb       not null,  -- the latest attempts
    noted_at   timestamptz not null default clock_timestamp(),
    primary key (webhook, position),
    check (state = 'waiting' or next_at is null)
);
create index webhook_deliveries_due on trellis.webhook_deliveries (webhook, next_at)
    where state = 'waiting' and next_at is not null;
create index webhook_deliveries_waiting on trellis.webhook_deliveries (webhook, stream, position) where state = 'waiting';
create index webhook_deliveries_by_state on trellis.webhook_deliveries (webhook, state, position)
    where state <> 'delivered';
create index webhook_deliveries_old on trellis.webhook_deliveries (noted_at) where state <> 'waiting';

create table trellis.webhook_changes (
    webhook text        not null,
    at      timestamptz not null default clock_timestamp(),
    change  text        not null,
    actor   text        not null
);
create index webhook_changes_of on trellis.webhook_changes (webhook, at);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update, delete on trellis.webhooks, trellis.webhook_deliveries to trellis_app;
        grant select, insert on trellis.webhook_changes to trellis_app;
    end if;
end $$;
