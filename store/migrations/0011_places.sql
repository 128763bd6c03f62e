-- Up to where the log has been read for journeys that began and closed, to count the places of their programs. From the
-- beginning: journeys that closed before there was this table give their places back as well. Read twice, nothing
-- changes.
create table trellis.places (
    only_row boolean primary key default true check (only_row),
    position bigint  not null default 0
);
insert into trellis.places default values;

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, update on trellis.places to trellis_app;
    end if;
end $$;
