-- Weeks are counted from 29 December 1969, a Monday. `signs`: -1 where a pause took the whole week.
(select *, (least(counts_until, $2::timestamptz) at time zone 'UTC')::date as last_day
   from views.measured where started_at <= $2::timestamptz) as j
  left join views.active_weeks as a on a.stream = 'activity-' || j.journey
  cross join lateral
       (select date '1969-12-29' + 7 * n as monday, coalesce(j.signs[n - j.first_week + 1], 0) as signs,
               coalesce(a.days[n - a.first_week + 1], 0) as days
          from generate_series(
               greatest(((j.started_at at time zone 'UTC')::date - date '1969-12-29') / 7,
                        (($3::timestamptz at time zone 'UTC')::date - date '1969-12-29') / 7),
               least((j.last_day - date '1969-12-29') / 7,
                     (($4::timestamptz at time zone 'UTC')::date - date '1969-12-29') / 7)) as n) as w
