"""Link key and proof together: what the one proven person may see and ask for, and the claim."""
