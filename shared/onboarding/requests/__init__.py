"""What people ask for by hand: a pass, a fresh link, an end, a look."""
