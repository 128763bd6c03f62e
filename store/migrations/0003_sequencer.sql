-- Gives positions to what has become visible since the last call: at most p_limit events in the order of seq, and
-- before them every straggler. Returns how many. TR003: another leader has taken over.
--
-- Why nothing is missed. Numbers below the highest one seen, with nothing to be seen there yet, wait in trellis.gaps.
-- Nobody waits for them: a later commit is only late, and a transaction that never ends delays nothing but itself.
--
-- Why the order of a stream holds. Version v + 1 draws its seq after v has committed. Whoever sees v + 1 sees v, with
-- a lower seq: among the same numbers, or, since the gaps are looked at after the numbers, among the stragglers,
-- which come first.
create function trellis.assign_positions(p_epoch bigint, p_limit integer) returns integer language plpgsql as $$
declare
    v_state   trellis.sequencer;
    v_visible bigint[];
    v_new     integer;
    v_late    integer := 0;
    v_top     bigint;
begin
    select * into v_state from trellis.sequencer where epoch = p_epoch for update;
    if not found then
        raise exception 'epoch % of the sequencer is over: another leader has taken over', p_epoch using errcode = 'TR003';
    end if;

    select array_agg(seq order by seq) into v_visible
      from (select seq from trellis.events where seq > v_state.top_seq order by seq limit p_limit) as visible;
    if exists (select from trellis.gaps) then
        v_late := trellis.settle_gaps(v_state.position);
    end if;

    v_new := coalesce(cardinality(v_visible), 0);
    if v_new + v_late = 0 then
        return 0;
    end if;
    if v_new > 0 then
        insert into trellis.log (position, seq)
        select v_state.position + v_late + n, seq from unnest(v_visible) with ordinality as v (seq, n);
        v_top := v_visible[v_new];
        if v_top - v_state.top_seq > v_new then
            insert into trellis.gaps (from_seq, to_seq)
            select before + 1, seq - 1
              from (select seq, lag(seq, 1, v_state.top_seq) over (order by seq) as before
                      from unnest(v_visible) as seq) as pair
             where seq > before + 1;
        end if;
    end if;
    update trellis.sequencer
       set position = position + v_late + v_new, top_seq = coalesce(v_top, top_seq), stragglers = stragglers + v_late;
    perform pg_notify('trellis_log', (v_state.position + v_late + v_new)::text);
    return v_late + v_new;
end $$;

-- Positions the stragglers that have become visible, and forgets the numbers that were rolled back.
--
-- An appender holds a transaction id before it draws its seq. So the holder of a gap that an earlier call noticed has
-- an id below this call's own, and is either over or among those in progress now: they are written down as its
-- `holders`. When all of them are over and there is still nothing to be seen, there never will be.
create function trellis.settle_gaps(p_position bigint) returns integer language plpgsql as $$
declare
    v_late integer;
begin
    with late as (  -- one statement, one snapshot: what is to be seen by now, and who still holds anything back
        insert into trellis.log (position, seq)
        select p_position + row_number() over (order by e.seq), e.seq
          from trellis.gaps as g
          join trellis.events as e on e.seq between g.from_seq and g.to_seq
         where not exists (select from trellis.log as l where l.seq = e.seq)
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

-- The transactions in progress that are older than this one. A snapshot lists those below its xmax; from xmax on none
-- has ended, so all of them are in progress.
create function trellis.transactions_before(p_xid xid8) returns xid8[] language sql volatile as $$
    select coalesce(array_agg(x), '{}')
      from (select x from pg_snapshot_xip(pg_current_snapshot()) as x where x < p_xid
            union all
            select n::text::xid8
              from generate_series(pg_snapshot_xmax(pg_current_snapshot())::text::numeric, p_xid::text::numeric - 1) as n) as running
$$;
