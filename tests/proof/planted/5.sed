# The table of program headers is looked at before anybody knows that it lies inside the head.
s/if (!cspan_read(SPAN_OF(raw), p->head, p->phoff + (uint64_t)i \* sizeof(raw)))/if (!cspan_read(SPAN_OF(raw), (cspan){p->head.p, (size_t)p->file_size}, p->phoff + (uint64_t)i * sizeof(raw)))/
s/count \* p->plan.phdr_size, p->head.n)/count * p->plan.phdr_size, p->file_size)/
