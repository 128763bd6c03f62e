-- The name by which people are sorted, made once: an order of ten thousand names would fold each of them.
alter table trellis.people add column sort_name text generated always as (trellis.folded(name)) stored;
drop index trellis.people_by_name;
create index people_by_sort_name on trellis.people (sort_name, person_id) where kind = 'learner';
