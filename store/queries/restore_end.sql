with positions as (
    insert into trellis.log (position, seq) select seq, seq from trellis.events returning 1
), streams as (
    insert into trellis.streams (stream, category, version, first_seq)
    select stream, split_part(stream, '-', 1), max(version), min(seq) from trellis.events group by stream
    returning 1
), done as (
    update trellis.sequencer
       set epoch = epoch + 1, position = coalesce((select max(seq) from trellis.events), 0),
           top_seq = coalesce((select max(seq) from trellis.events), 0)
), ledgers as ( -- an earlier release may have written the log: its journeys get their places before others do
    update trellis.ledger set filled_to = coalesce((select max(seq) from trellis.events), 0)
)
select (select count(*) from positions), (select count(*) from streams), (select count(*) from trellis.kits);
