-- Of what the last comparison found missing or behind: what was found so again and again, though it had been mended, or
-- cannot be mended at all. A person has to look at these; the others are mended by themselves.
alter table trellis.reconciliations add column stuck integer not null default 0;
