select distinct substr(stream, length('mentor-') + 1) as mentor from views.mentor_places where program = $1;
