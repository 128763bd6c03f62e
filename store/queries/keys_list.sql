select key_id, name, role, actor, programs, mentor, hash, previous_hash, previous_until, made_at, made_by, expires_at,
       rotated_at, revoked_at, revoked_by, used_at
from trellis.keys
order by made_at desc, key_id;
