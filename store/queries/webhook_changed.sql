insert into trellis.webhook_changes (webhook, change, actor) values ($1, $2, $3);
