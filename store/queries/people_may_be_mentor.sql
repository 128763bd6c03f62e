select coalesce((select kind = 'mentor' from trellis.people where person_id = $1),
                not exists (select from trellis.people where kind = 'mentor'));
