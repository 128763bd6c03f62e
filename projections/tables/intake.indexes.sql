create index intake_began on intake (program, began_at);
