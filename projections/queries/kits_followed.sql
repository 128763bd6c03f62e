-- The kits that open journeys follow, with how many do.
select kit, count(*) as journeys from views.delivered where ending is null group by kit order by kit;
