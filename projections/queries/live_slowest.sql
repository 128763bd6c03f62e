-- How far the slowest live view is. One that has stopped is not waited for.
select min(p.position) from trellis.projections as p where p.status = 'live' and p.stopped_at is null;
