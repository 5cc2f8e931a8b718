-- One annotated text and its number. Numbers are of this build only: to join and to count them costs a fraction of
-- what digests and names cost.
select
    text_hash,
    (row_number() over (order by text_hash))::integer as text_number
from raw.texts
