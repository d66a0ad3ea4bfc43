"""What the product says of its own work: traces, numbers and logs that neither name anybody nor let anybody in."""
