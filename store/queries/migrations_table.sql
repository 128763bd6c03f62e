create schema if not exists trellis;
create table if not exists trellis.migrations (
    name       text        primary key,
    checksum   text        not null,
    applied_at timestamptz not null default clock_timestamp()
);
