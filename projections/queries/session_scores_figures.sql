-- Of sessions held in [since, until): by question or dimension, and by who scored.
select kind, name, scorer_role, count(*), avg(value), coalesce(var_samp(value), 0)
  from views.session_scores
 where program = $1 and ($2::timestamptz is null or held_at >= $2) and ($3::timestamptz is null or held_at < $3)
   and ($4::text is null or mentor = $4)
 group by kind, name, scorer_role
 order by kind, name, scorer_role;
