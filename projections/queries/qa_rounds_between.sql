-- The rounds of a program that began in [$2, $3), together.
select count(*) as rounds, coalesce(sum(sampled), 0)::bigint as sampled, coalesce(sum(reviewed), 0)::bigint as reviewed,
       coalesce(sum(skipped), 0)::bigint as skipped, coalesce(sum(waiting), 0)::bigint as waiting,
       coalesce(sum(minutes_used), 0)::bigint as minutes
  from views.qa_rounds where program = $1 and begun_at >= $2 and begun_at < $3;
