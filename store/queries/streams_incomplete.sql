-- One of these streams of which events were moved to a file.
select s.stream
  from trellis.streams as s
 where s.stream = any ($1::text[])
   and s.version > (select count(*) from trellis.events as e where e.stream = s.stream and e.seq >= coalesce(s.first_seq, 0))
 limit 1;
