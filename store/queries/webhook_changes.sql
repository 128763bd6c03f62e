select at, change, actor from trellis.webhook_changes where webhook = $1 order by at desc limit $2;
