!SELECT ctid FROM people;
!SELECT p FROM people p;
!SELECT random(), id FROM people;
!SELECT now(), id FROM people;
!SELECT id FROM people FOR UPDATE;
!SELECT current_user, id FROM people;
!SELECT tz + interval '1 day', tz + interval '24 hours' FROM moments ORDER BY id;
