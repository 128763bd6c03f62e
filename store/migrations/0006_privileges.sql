-- The role for everything but migrations and retention. It may add to the log and read it; it has no right to change or
-- delete what was recorded. Deployments grant it to the account that the workers and the API use. Where the migrating
-- account may not create roles, an administrator creates `trellis_app` and the grants below apply with the next migration.
do $$
begin
    if not exists (select from pg_roles where rolname = 'trellis_app') then
        create role trellis_app nologin;
    end if;
exception
    when insufficient_privilege then raise notice 'the role trellis_app was not created: this account may not create roles';
    when duplicate_object or unique_violation then null;  -- another database of this server was quicker
end $$;

do $$
begin
    if not exists (select from pg_roles where rolname = 'trellis_app') then
        return;
    end if;
    execute format('grant create on database %I to trellis_app', current_database());  -- schemas of projections
    grant usage on schema trellis to trellis_app;
    grant usage, create on schema views to trellis_app;
    grant select on all tables in schema trellis to trellis_app;
    grant usage on sequence trellis.events_seq to trellis_app;
    grant select on sequence trellis.events_seq to trellis_app;
    grant execute on all functions in schema trellis to trellis_app;
    grant insert on trellis.events, trellis.appends, trellis.log, trellis.kits to trellis_app;
    grant insert, update on trellis.streams, trellis.sequencer to trellis_app;
    grant insert, update, delete on trellis.gaps, trellis.people, trellis.projections, trellis.set_aside, trellis.slices
       to trellis_app;
    grant update on trellis.layout to trellis_app;  -- its row is the lock under which partitions are made
end $$;

-- Partitions are made on behalf of the owner: whoever appends must never find that there is no room.
alter function trellis.create_partitions() security definer set search_path = trellis, pg_temp;
