select one as stream from unnest($1::text[]) with ordinality as asked (one, nth)
 where not exists (select from trellis.streams as s where s.stream = asked.one)
 order by nth;
