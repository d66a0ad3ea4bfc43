"""No core dump: it would hold every pass and link key that is in memory, and memory itself cannot be cleaned."""


def no_core_dumps() -> None:
    """Set the limit of core dumps to nothing for this process and all that it starts."""
    try:
        import resource  # noqa: PLC0415 - Azure Functions runs Python on Linux; a developer's Windows has no such module
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
