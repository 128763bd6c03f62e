select bulk from trellis.bulk_selections where digest = $1;
