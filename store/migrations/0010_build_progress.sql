-- Since when a generation has been built, and how much of it an interrupted build had left: from these and trellis.slices
-- anybody can tell how long the rest will take.
alter table trellis.projections
    add column building_since  timestamptz,
    add column built_before    bigint not null default 0;
