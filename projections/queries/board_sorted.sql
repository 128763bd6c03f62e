-- A page of journeys by name, where few match: all that do are sorted.
with chosen as materialized (
    select board.stream as of_stream, journey, WHO as person from views.board CHOSEN
),
first as materialized (
    select of_stream, people.sort_name
      from chosen join trellis.people on person_id = person and kind = 'WHO'
     where true JOURNEYS
     order by people.sort_name, journey
     limit LIMIT
)
PAGE
  join first on first.of_stream = board.stream
 order by first.sort_name, journey
