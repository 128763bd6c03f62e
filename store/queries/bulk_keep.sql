update trellis.bulk_selections set begun = true where bulk = $1;
