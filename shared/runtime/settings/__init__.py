"""Everything the app may be told: `model` names it, `loading` reads it and says all that is wrong with it."""
