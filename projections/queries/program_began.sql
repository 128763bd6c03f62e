select least((select min(published_at) from trellis.kits where program = $1),
             (select min(began_at) from views.measured where program = $1)) as began_at;
