-- Low answers that have words beside them, the latest first. Which are low is given for each question: versions ($2), surveys
-- ($3), questions ($4), and the highest number that is low ($5). All answers to a request are given at one time, so that the
-- latest are found by the index, and no more is read than is shown.
with wanted as materialized (
    select * from unnest($2::text[], $3::text[], $4::text[], $5::double precision[]) as each (version, about, asked, at_most)
), found as (
    select distinct on (a.answered_at, a.request) a.stream, a.request, coalesce(c.standing, 'new') as standing, c.case_id, c.by, c.at
      from views.survey_answers as a
      join wanted as w on (a.kit_version, a.survey, a.question) = (w.version, w.about, w.asked)
      left join views.complaints as c on c.request = a.request
     where a.program = $1 and a.number <= w.at_most and a.answered_at >= $9
       and exists (select from views.survey_answers as said
                    where said.stream = a.stream and said.request = a.request and said.has_text)
       and ($6::text is null or coalesce(c.standing, 'new') = $6)
       and ($7::timestamptz is null or (a.answered_at, a.request) < ($7, $8))
       and ($10::text is null or a.request = $10)
     order by a.answered_at desc, a.request desc
     limit $11
)
select f.stream, f.request, min(a.survey) as survey, min(a.journey) as journey, min(a.role) as role, min(a.mentor) as mentor,
       min(a.session) as session, min(a.stage) as stage, min(a.answered_at) as answered_at,
       jsonb_object_agg(a.question, a.number)::text as numbers, min(a.kit_version) as kit_version, f.standing, f.case_id, f.by, f.at
  from found as f
  join views.survey_answers as a on a.stream = f.stream and a.request = f.request
  join wanted as w on (a.kit_version, a.survey, a.question) = (w.version, w.about, w.asked) and a.number <= w.at_most
 group by f.stream, f.request, f.standing, f.case_id, f.by, f.at
 order by min(a.answered_at) desc, f.request desc;
