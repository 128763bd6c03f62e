-- Journeys of a program that wait for a mentor, with nobody proposed, those who have waited longest first.
select b.stream, s.version
  from views.board as b
  join trellis.streams as s on s.stream = b.stream
 where b.program = $1 and b.ending is null and b.paused_until is null
   and exists (select from views.board_awaited as a where a.stream = b.stream and a.key = 'match')
   and not exists (select from views.board_awaited as a where a.stream = b.stream and a.key = 'offer')
 order by b.since, b.stream
 limit $2;
