select request from views.survey_requests where request = any ($1);
