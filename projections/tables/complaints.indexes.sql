create unique index complaints_of_request on complaints (request);
