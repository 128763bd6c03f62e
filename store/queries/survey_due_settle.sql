delete from trellis.surveys_due where request = $1;
