select secret, previous from trellis.survey_link_secret;
