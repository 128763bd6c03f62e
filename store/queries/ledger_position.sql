select position from trellis.ledger;
