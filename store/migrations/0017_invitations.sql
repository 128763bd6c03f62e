-- An event can call for several invitations of one role: one for each session, and when a mentor takes over, for two people.
alter table trellis.called
    add column session text,  -- that the invitation is for; null for any other notification
    add column person  text;  -- who is invited; null for any other notification
