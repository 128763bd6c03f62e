-- How far the log has been read for surveys. What happened before this version is not asked about.
create table trellis.survey_dispatch (
    single   boolean primary key default true check (single),
    position bigint  not null
);
insert into trellis.survey_dispatch (position) select coalesce(max(position), 0) from trellis.log;

-- Surveys that have fallen due and about which the log says nothing yet, mostly as they are to be asked later.
create table trellis.surveys_due (
    request text        primary key,
    ask_at  timestamptz not null,
    input   jsonb       not null -- of the workflow that asks it
);
create index surveys_due_ask_at on trellis.surveys_due (ask_at, request);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, update on trellis.survey_dispatch to trellis_app;
        grant select, insert, delete on trellis.surveys_due to trellis_app;
    end if;
end $$;
