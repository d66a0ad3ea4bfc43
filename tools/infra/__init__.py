"""What holds the infrastructure and the code together: rules that read both and say what to do."""
