-- Up to where the log has been read for what journeys do with the places that they have with mentors. From the
-- beginning: journeys that were matched before there was a ledger get their places, too. Until that is done, up to
-- `filled_to`, nobody can know what is free, and no place is reserved. Read twice, nothing changes.
create table trellis.ledger (
    only_row  boolean primary key default true check (only_row),
    position  bigint  not null default 0,
    filled_to bigint  not null
);
insert into trellis.ledger (filled_to) select position from trellis.sequencer;

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, update on trellis.ledger to trellis_app;
    end if;
end $$;
