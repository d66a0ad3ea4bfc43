"""Day One Pass itself, by subject; `services` is where it is put together."""
