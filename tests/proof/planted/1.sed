# The end of a segment in memory is added without a check: it may wrap around.
s/^    if (!add_ok(&end, e->vaddr, e->mem_size) || /    end = e->vaddr + e->mem_size;\n    if (/
