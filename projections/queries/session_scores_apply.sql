with latest as materialized (
    select distinct on (stream, data ->> 'session', data ->> 'by', coalesce(data ->> 'item', ''))
           stream, data, occurred_at
      from trellis.batch($1)
     order by stream, data ->> 'session', data ->> 'by', coalesce(data ->> 'item', ''), version desc
), given as (
    select l.stream, l.data, l.occurred_at, 'question' as kind, q.key as name,
           case q.value when 'yes' then 1.0 when 'partly' then 0.5 else 0.0 end::double precision as value
      from latest as l cross join lateral jsonb_each_text(l.data -> 'questions') as q
     union all
    select l.stream, l.data, l.occurred_at, 'dimension', d.key, d.value::double precision
      from latest as l cross join lateral jsonb_each_text(l.data -> 'dimensions') as d
)
insert into VIEW.session_scores
       (stream, session, by, item, kind, name, program, journey, mentor, kit_version, pathway, scorer_role, value, round,
        held_at, scored_at)
select stream, data ->> 'session', data ->> 'by', coalesce(data ->> 'item', ''), kind, name, data ->> 'program',
       data ->> 'journey', data ->> 'mentor', data ->> 'kit_version', data ->> 'pathway', data ->> 'role', value,
       data ->> 'round', (data ->> 'held_at')::timestamptz, occurred_at
  from given;
