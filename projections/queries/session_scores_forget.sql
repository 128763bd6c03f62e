-- What a correction replaces: every row of the score, for it may have other answers.
delete from VIEW.session_scores as s
 using (select distinct stream, data ->> 'session' as session, data ->> 'by' as by, coalesce(data ->> 'item', '') as item
          from trellis.batch($1)) as scored
 where (s.stream, s.session, s.by, s.item) = (scored.stream, scored.session, scored.by, scored.item);
