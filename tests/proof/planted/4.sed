# The limit of a movable plan is compared with a sum that may wrap around.
s/!range_ok(base, size, USER_TOP)/base + size > USER_TOP/
