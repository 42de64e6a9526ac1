# Nobody looks whether a segment has more bytes in the file than in memory.
/if (e->file_size > e->mem_size)/,+1d
