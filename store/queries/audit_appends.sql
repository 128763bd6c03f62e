-- Receipts that do not match their events. Appends with an expected version have no receipt.
with received as (
    select a.append_id, a.digest, a.last_version - a.first_version + 1 as promised, count(e.seq) as found,
           trellis.digest(array_agg(e.type order by e.version), array_agg(e.schema_version order by e.version),
                          array_agg(e.data order by e.version), array_agg(e.occurred_at order by e.version)) as now
      from trellis.appends as a
      left join trellis.events as e on e.stream = a.stream and e.version between a.first_version and a.last_version
     group by a.append_id, a.digest, a.first_version, a.last_version
), detached as (
    select exists (select from trellis.partitions where detached_to is not null) as any
)
select format('append %s wrote %s events and %s are there', append_id, promised, found) as what
  from received, detached where found <> promised and not detached.any
union all
select format('append %s does not have the content that it was recorded with', append_id)
  from received where found = promised and now <> digest
limit $1;
