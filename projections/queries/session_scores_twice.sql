-- What two reviewers said of one session of one round, without knowing of each other.
select kind, name, stream, session, round, by, value
  from views.session_scores
 where program = $1 and item <> '' and ($2::timestamptz is null or held_at >= $2)
   and ($3::timestamptz is null or held_at < $3)
   and (stream, session, round) in (
       select stream, session, round
         from views.session_scores
        where program = $1 and item <> ''
        group by stream, session, round
       having count(distinct item) > 1
       )
 order by kind, name, stream, session, round, by
 limit 100000;
