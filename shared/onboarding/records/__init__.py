"""Records at HR systems whose events only name them: mentioned, read off the request path, and looked at again."""
