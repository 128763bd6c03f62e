select state ->> 'program', state ->> 'mentor', state -> 'offer' ->> 'mentor' from views.states where stream = $1;
