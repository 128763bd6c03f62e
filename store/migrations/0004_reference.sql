-- Kits as they were published: content-addressed, never changed.
create table trellis.kits (
    digest       text        primary key,
    program      text        not null,
    version      text        not null,
    body         text        not null,
    published_at timestamptz not null,
    unique (program, version)
);
create trigger append_only before update or delete on trellis.kits
    for each row execute function trellis.refuse_change();

-- Who the ids in the log stand for: the only place where names and addresses are.
create table trellis.people (
    person_id  text  primary key,
    kind       text  not null check (kind in ('learner', 'mentor')),
    name       text  not null,
    email      text,
    time_zone  text,
    attributes jsonb not null default '{}'
);
