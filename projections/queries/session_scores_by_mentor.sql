-- How often each mean mark of a session was given to each mentor by others, since a moment: one value for each score.
select mentor, mark, count(*)
  from (select mentor, round(avg(value)::numeric, 2)::double precision as mark
          from views.session_scores
         where program = $1 and kind = 'dimension' and scorer_role <> 'self' and mentor is not null and held_at >= $2
         group by mentor, stream, session, by, item) as scored
 group by mentor, mark
 order by mentor, mark;
