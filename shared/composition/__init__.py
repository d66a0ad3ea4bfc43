"""The rooms of the product: what each subject is built of, from the settings. `shared.services` puts them together.

Each part is built when it is first asked for, and kept. Importing a room costs nothing: what a part is made of is
imported where it is built.
"""
