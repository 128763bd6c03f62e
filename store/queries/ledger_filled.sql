select position >= filled_to from trellis.ledger;
