select made_at, took, positions, answer from trellis.reports where report = $1 and form = $2 and made_at > $3;
