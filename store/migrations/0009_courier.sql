-- Up to where the log has been read for what calls for a message. Begins at the present end: nobody is written to about
-- what happened before there were messages. Read twice, nothing is sent twice.
create table trellis.courier (
    only_row boolean primary key default true check (only_row),
    position bigint  not null
);
insert into trellis.courier (position) select position from trellis.sequencer;

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, update on trellis.courier to trellis_app;
    end if;
end $$;
