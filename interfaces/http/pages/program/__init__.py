"""The pages of a program: how it stands, its enrollment, the versions of its kit, and its schedules."""
