"""The doorways: one file per trigger, each parse, one call, answer."""
