"""Who calls at a doorway: as the platform says, from whose page, and how often one was turned away."""
