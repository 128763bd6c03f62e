-- The secret that was used before the present one: links signed with it are valid until they expire. Null: none is.
alter table trellis.survey_link_secret add column previous bytea check (length(previous) = 32);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant update on trellis.survey_link_secret to trellis_app;
    end if;
end $$;
