"""Outside programs, one file each: how they are called, under which limits, and what their answers mean."""
