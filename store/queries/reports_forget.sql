delete from trellis.reports where made_at < $1;
