update trellis.survey_dispatch set position = $1 where position < $1;
