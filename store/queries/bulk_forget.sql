-- Selections that nobody confirmed in time; some at once, so that no plan waits long for it.
delete from trellis.bulk_selections
 where bulk in (select bulk from trellis.bulk_selections where not begun and selected_at < $1 limit 10);
