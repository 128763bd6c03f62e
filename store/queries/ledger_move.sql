update trellis.ledger set position = $1 where position < $1;
