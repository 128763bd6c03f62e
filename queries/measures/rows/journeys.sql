views.measured as j
