with stopped as (select stopped_at from trellis.courier where stopped_at is not null for update)
update trellis.courier as c set stopped_at = null, stopped_because = null from stopped returning stopped.stopped_at;
