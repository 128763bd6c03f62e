create table funnel ( -- one row for each stage that a journey has entered
    stream     text        not null,
    version    bigint      not null,
    program    text        not null,
    pathway    text,
    stage      text        not null,
    entered_at timestamptz not null,
    left_at    timestamptz,
    primary key (stream, version)
);
create table funnel_journeys (stream text primary key, program text not null, pathway text);
