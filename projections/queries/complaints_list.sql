-- Low answers that have words beside them, the latest first. Which are low is given for each question: versions ($2), surveys
-- ($3), questions ($4), and the highest number that is low ($5).
with low as (
    select stream, request, min(survey) as survey, min(journey) as journey, min(role) as role, min(mentor) as mentor,
           min(session) as session, min(stage) as stage, min(kit_version) as kit_version, min(answered_at) as answered_at,
           jsonb_object_agg(question, number) as numbers
      from views.survey_answers
      join unnest($2::text[], $3::text[], $4::text[], $5::double precision[]) as wanted (version, about, asked, at_most)
        on (kit_version, survey, question) = (wanted.version, wanted.about, wanted.asked)
     where program = $1 and number <= wanted.at_most and answered_at >= $9
     group by stream, request
)
select low.stream, low.request, low.survey, low.journey, low.role, low.mentor, low.session, low.stage, low.answered_at,
       low.numbers::text as numbers, low.kit_version, coalesce(complaints.standing, 'new') as standing, complaints.case_id, complaints.by, complaints.at
  from low
  left join views.complaints using (request)
 where exists (select from views.survey_answers as words where words.request = low.request and words.has_text)
   and ($6::text is null or coalesce(complaints.standing, 'new') = $6)
   and ($7::timestamptz is null or (low.answered_at, low.request) < ($7, $8))
   and ($10::text is null or low.request = $10)
 order by low.answered_at desc, low.request desc
 limit $11;
