select stream, version, state from states where stream = any ($1::text[]);
