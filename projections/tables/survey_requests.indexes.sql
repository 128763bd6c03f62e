create index survey_requests_request on survey_requests (request);
create index survey_requests_program on survey_requests (program, requested_at desc, request desc);
create index survey_requests_listed on survey_requests (requested_at desc, request desc);
create index survey_requests_journey on survey_requests (journey);
create index survey_requests_open on survey_requests (request) where status = 'open';
