"""The record of every transition: chained, without anybody's name, and erasable."""
