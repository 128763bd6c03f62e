select exists (
    select from trellis.log as l
     where l.seq >= $1 and l.seq < $2 and not exists (select from trellis.events as e where e.seq = l.seq));
