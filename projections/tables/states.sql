create table states (stream text primary key, version bigint not null, state jsonb not null);
