create table survey_answers ( -- one row for each question that was answered; the words of a text stay in the log
    stream      text        not null,
    request     text        not null,
    question    text        not null,
    survey      text        not null,
    program     text        not null,
    kit_version text        not null,
    journey     text        not null,
    role        text        not null,
    stage       text        not null,
    session     text,
    milestone   text,
    pathway     text,
    template    text,
    mentor      text,
    cohort      text,
    segment     text,
    kind        text        not null, -- text, scale, choice or yes_no
    tells       text,
    number      double precision,     -- of a scale; of yes_no: 1 or 0
    scale_least double precision,     -- where such a number can lie
    scale_most  double precision,
    choice      text,
    has_text    boolean     not null,
    answered_at timestamptz not null,
    primary key (stream, request, question)
);
create table survey_answers_awaited ( -- what an answer is about, until there is one or the survey expires
    stream  text not null,
    request text not null,
    survey  text not null,
    role    text not null,
    about   jsonb not null,
    primary key (stream, request)
);
