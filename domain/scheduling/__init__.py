"""When people can meet: hours of a week as wall time and zone in, instants in UTC out."""
