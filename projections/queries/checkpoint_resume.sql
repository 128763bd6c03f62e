update trellis.projections set stopped_at = null, stopped_because = null where name = $1 and stopped_at is not null;
