-- The kits that journeys which have not closed follow, by program.
select distinct program, kit from views.delivered where ending is null;
