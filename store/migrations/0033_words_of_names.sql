-- People are searched by the beginnings of the words of their names, and of their ids. An index over trigrams would find
-- what is inside words too, but it takes an extension that not every server has.

-- Without case and accents: `Łukasz Müller` becomes `lukasz muller`.
create function trellis.folded(said text) returns text language sql immutable parallel safe as $$
    select replace(replace(replace(translate(regexp_replace(normalize(lower(said), nfd), '[\u0300-\u036f]', '', 'g'),
                                             'łøđħı’‘', 'lodhi'''''), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');
$$;

-- What somebody typed, term by term.
create function trellis.search_terms(said text) returns setof text language sql immutable parallel safe as $$
    select distinct term
      from regexp_split_to_table(trellis.folded(said), '\s+') as token, btrim(token, ',.;:()"') as term
     where term <> '';
$$;

-- By what somebody is found: each term, without its hyphens and apostrophes too, and what stands behind these.
create function trellis.search_words(said text) returns setof text language sql immutable parallel safe as $$
    select word
      from trellis.search_terms(said) as term,
           unnest(array[term, regexp_replace(term, '[-''_.]', '', 'g')] || regexp_split_to_array(term, '[-''_.]')) as word
     where word <> ''
     group by word;
$$;

create table trellis.people_words (
    word      text collate "C" not null,
    person_id text             not null, -- without a foreign key: a check for each word would cost as much as the rest
    primary key (word, person_id)
);
create index people_words_of on trellis.people_words (person_id);

create function trellis.keep_words_of_new_people() returns trigger language plpgsql as $$
begin
    insert into trellis.people_words (word, person_id)
    select word, person_id from those, trellis.search_words(name || ' ' || person_id) as word;
    return null;
end $$;

create function trellis.keep_words_of_renamed_people() returns trigger language plpgsql as $$
begin
    delete from trellis.people_words
     where person_id in (select those.person_id from those join before using (person_id) where those.name <> before.name);
    insert into trellis.people_words (word, person_id)
    select word, those.person_id
      from those join before using (person_id), trellis.search_words(those.name || ' ' || those.person_id) as word
     where those.name <> before.name;
    return null;
end $$;

create function trellis.forget_words_of_people() returns trigger language plpgsql as $$
begin
    delete from trellis.people_words where person_id in (select person_id from those);
    return null;
end $$;

create trigger words_of_new_people after insert on trellis.people referencing new table as those
    for each statement execute function trellis.keep_words_of_new_people();
create trigger words_of_renamed_people after update on trellis.people referencing old table as before new table as those
    for each statement execute function trellis.keep_words_of_renamed_people();
create trigger words_of_people_gone after delete on trellis.people referencing old table as those
    for each statement execute function trellis.forget_words_of_people();

insert into trellis.people_words (word, person_id)
select word, person_id from trellis.people, trellis.search_words(name || ' ' || person_id) as word;

-- Those whose words begin with all the terms of what was typed; at most so many of them.
create function trellis.people_named(said text, most bigint) returns setof text language sql stable parallel safe as $$
    with terms as materialized (select term from trellis.search_terms(said) as term limit 8)
    select person_id
      from terms, lateral (select person_id
                             from trellis.people_words
                            where word >= term and word < term || chr(1114111)
                           offset 0) as found -- so that the words are looked up by their index
     group by person_id
    having count(distinct term) = (select count(*) from terms)
     limit most;
$$;

-- In the order of names, for pages of learners.
create index people_by_name on trellis.people (trellis.folded(name), person_id) where kind = 'learner';

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, delete on trellis.people_words to trellis_app;
        grant execute on function trellis.folded(text), trellis.search_terms(text), trellis.search_words(text),
                                  trellis.people_named(text, bigint), trellis.keep_words_of_new_people(),
                                  trellis.keep_words_of_renamed_people(), trellis.forget_words_of_people()
           to trellis_app;
    end if;
end $$;
