# Off by one: a seventeenth segment is written behind the table.
s/segment_count >= ELF_SEGMENT_MAX)/segment_count > ELF_SEGMENT_MAX)/
