-- What people want to look at again: the filters and the order of a table, under a name.
create table trellis.saved_views (
    id         text        primary key,
    owner      text        not null, -- who saved it, as the key says: ops:ana
    name       text        not null check (length(name) between 1 and 80),
    query      text        not null check (length(query) <= 2000), -- as in the address of the page
    program    text,                 -- by which it filters: who may not use it does not see the view
    shared     boolean     not null, -- with everybody who may use its program
    saved_at   timestamptz not null,
    unique (owner, name)
);
create index saved_views_shared on trellis.saved_views (name, id) where shared;

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update, delete on trellis.saved_views to trellis_app;
    end if;
end $$;
