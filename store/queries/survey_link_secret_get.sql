select secret from trellis.survey_link_secret;
