select secret from trellis.own_page_secrets where person_id = $1;
