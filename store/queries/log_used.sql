select exists (select from trellis.events) or exists (select from trellis.log) or exists (select from trellis.streams);
