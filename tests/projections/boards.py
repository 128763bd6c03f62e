"""A large board, made up: ten programs, a thousand mentors, stages and troubles as they are usually spread."""

from datetime import UTC, datetime

AT = datetime(2026, 2, 1, tzinfo=UTC)
"""A moment at which some of it is overdue."""

FILL = """
    insert into {schema}.board
    select 'journey-p-' || n % 10 || '.l-' || n, 'p-' || n % 10 || '.l-' || n, 'p-' || n % 10, 'l-' || n,
           stage, '2026-01-05'::timestamptz + n % 5000 * interval '1 minute', 'main',
           case when stage <> 'intake' then 's-' || n % 10 || '-' || n % 3 end,
           case when stage not in ('intake', 'matching') then 'm-' || n % 997 end,
           case when paused then '2026-06-01'::timestamptz end,
           case when stage = 'closed' then 'completed' end,
           case grave when 1 then 'notice' when 2 then 'warning' when 3 then 'critical' end, grave, sign(grave),
           duty, 'about', who,
           array_remove(array[duty || ':' || who, case when n % 3001 = 9 then 'notes:mentor' end], null),
           case when duty is not null then '2026-01-05'::timestamptz + n % 7001 * interval '1 minute' end,
           case when duty is null then 'infinity' else '2026-01-10'::timestamptz + n % 70001 * interval '1 minute' end,
           'a rule', '2026-02-01'::timestamptz + n % 70001 * interval '1 minute', 'a rule', 'a label', 7, null,
           case when n % 5 = 0 and stage = 'sessions' then 'c-' || n % 1500 end,
           case when n % 301 = 8 and stage <> 'closed' then array['wellbeing'] else '{{}}'::text[] end
      from (select *, case duty when 'match' then 'ops' when 'intake' then 'learner' else 'mentor' end as who
      from (select n, stage, grave, paused,
                   case when stage = 'closed' or paused then null when stage = 'matching' then 'match'
                        when stage = 'intake' then 'intake' else 'milestone_review' end as duty
              from (select n, (array['sessions', 'sessions', 'sessions', 'closed', 'closed', 'wrap_up', 'intake',
                                     'matching'])[1 + n % 8] as stage,
                           case when n % 200 = 7 then 1 + n / 200 % 3 else 0 end as grave,
                           n % 83 = 5 and n % 8 not in (3, 4) as paused
                      from generate_series(1, $1::bigint) as n) as drawn) as waiting) as rows
"""
FILL_AWAITED = """
    insert into {schema}.board_awaited
    select distinct stream, key, due_at, journey
      from {schema}.board, unnest(awaited) as one,
           unnest(array[one, split_part(one, ':', 1), ':' || split_part(one, ':', 2)]) as key
"""
FILL_FLAGS = """
    insert into {schema}.board_flags
    select stream, key, due_at, journey from {schema}.board, unnest(flags || array['any']) as key where flags <> '{{}}'
"""
FILL_PEOPLE = """
    insert into trellis.people (person_id, kind, name)
    select 'l-' || n, 'learner',
           (array['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gia', 'Hugo', 'Ines', 'Jon', 'Kim', 'Lea', 'Max', 'Nora',
                  'Otto', 'Pia', 'Ravi', 'Sara', 'Tom', 'Uma'])[1 + n % 20] || ' ' ||
           (array['Brook', 'Stone', 'Hill', 'Ford', 'Lake', 'Wood', 'Field', 'Marsh', 'Dale', 'Moor', 'Glen', 'Shaw',
                  'Heath'])[1 + n / 20 % 13] || (array['', 's', 'er', 'man', 'ton', 'ley', 'son'])[1 + n / 260 % 7]
      from generate_series(1, $1::bigint) as n
"""
