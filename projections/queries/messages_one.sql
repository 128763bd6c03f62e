select message, journey, program, version, occasion, recipient_role, recipient, channel, status, since, attempts, because
  from views.messages
 where stream = $1;
