"""The pages that a link opens, and the headers of every answer beside them."""
