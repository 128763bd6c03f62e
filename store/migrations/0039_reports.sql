-- Answers about whole programs that take long to count, with how far each view was then. Whatever is missing here is
-- counted anew when somebody asks for it. Figures alone: neither names nor what people wrote.
create table trellis.reports (
    report    text        primary key, -- what was asked, with all that the answer depends on
    form      text        not null,    -- of the answer: those of another release are not read
    made_at   timestamptz not null,    -- what it counts is as of then
    took      interval    not null,
    positions text        not null,    -- of the views, as JSON
    answer    text        not null     -- as JSON
);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update, delete on trellis.reports to trellis_app;
    end if;
end $$;
