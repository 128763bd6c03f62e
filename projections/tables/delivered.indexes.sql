create index delivered_began on delivered (program, began_at);
