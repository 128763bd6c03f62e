-- Settles gaps as 0003 says, and never reads more of the log than the gaps are wide. The anti-join that stood here was
-- planned as a scan of the whole log, for want of statistics on a table that is nearly always empty. A scalar subquery
-- can only be looked up.
create or replace function trellis.settle_gaps(p_position bigint) returns integer language plpgsql as $$
declare
    v_late integer;
begin
    with late as (  -- one statement, one snapshot: what is to be seen by now, and who still holds anything back
        insert into trellis.log (position, seq)
        select p_position + row_number() over (order by found.seq), found.seq
          from trellis.gaps as g
         cross join lateral (
               select e.seq from trellis.events as e
                where e.seq between g.from_seq and g.to_seq
                  and (select l.position from trellis.log as l where l.seq = e.seq) is null
               offset 0) as found
        returning 1
    ), settled as (
        delete from trellis.gaps as g
         where g.holders is not null
           and not exists (select from unnest(g.holders) as h where not pg_visible_in_snapshot(h, pg_current_snapshot()))
    )
    select count(*) into v_late from late;

    update trellis.gaps set holders = trellis.transactions_before(pg_current_xact_id()) where holders is null;
    return v_late;
end $$;
