"""What keeps whoever holds an HR source's secret from more than that source usually does."""
