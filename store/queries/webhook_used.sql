select exists (select from trellis.webhooks where webhook = $1);
