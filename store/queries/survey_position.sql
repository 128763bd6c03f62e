select position from trellis.survey_dispatch;
