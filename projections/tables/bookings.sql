create table bookings ( -- one row for each session that has ever had a time booked
    stream    text        not null,
    holder    text        not null, -- the stream of the journey or the group
    session   text        not null,
    mentor    text        not null,
    starts_at timestamptz not null,
    ends_at   timestamptz not null,
    as_of     bigint      not null, -- the version of the holder's stream on which it was decided
    followed  boolean     not null, -- whether the holder had recorded the time before it was booked
    released  boolean     not null,
    booked_at timestamptz not null,
    primary key (stream, holder, session)
);
create table office_hours ( -- one row for each that was offered; what was offered again at the same time counts
    stream       text        not null,
    office_hours text        not null,
    version      bigint      not null, -- of the event that offered or canceled it
    mentor       text        not null,
    program      text        not null,
    starts_at    timestamptz not null,
    ends_at      timestamptz not null,
    seats        integer     not null,
    purpose      text        not null,
    canceled     boolean     not null,
    primary key (stream, office_hours)
);
create table office_hours_seats (
    stream       text    not null,
    office_hours text    not null,
    journey      text    not null,
    learner      text    not null,
    version      bigint  not null, -- of the event that booked or released it
    released     boolean not null,
    primary key (stream, office_hours, journey)
);
create index bookings_by_holder on bookings (holder);
create index bookings_by_end on bookings (ends_at);
create index office_hours_by_program on office_hours (program, starts_at);
create index office_hours_seats_by_journey on office_hours_seats (journey);
