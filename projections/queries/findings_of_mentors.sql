-- Of each mentor of a program: sessions held since a day, and those in which something was confirmed.
select held.mentor, held.sessions, coalesce(found.sessions, 0) as found
  from (select s.mentor, count(*) as sessions
          from views.delivered as d
          join views.delivered_sessions as s on s.stream = d.stream
         where d.program = $1 and s.mentor is not null and s.attendance in ('attended', 'late') and s.starts_at >= $2
         group by s.mentor) as held
  left join (select mentor, count(distinct (journey, session)) as sessions
               from views.findings
              where program = $1 and standing = 'confirmed' and raised_at >= $2 and ($3::text is null or detector = $3)
              group by mentor) as found on found.mentor = held.mentor
 order by held.mentor;
