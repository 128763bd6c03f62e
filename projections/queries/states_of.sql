select stream, version, state from VIEW.states where stream = any ($1::text[]);
