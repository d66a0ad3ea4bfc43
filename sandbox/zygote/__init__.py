"""Hosts that start in a fifth of the time: forked from a process that has imported what they will already.

The zygote has imported third-party packages, the sandbox's own host and, where that is the app, the product's modules;
it has built nothing of them: no app, no settings read, no thread, no socket, no event loop. What is forked gets its own
session, environment, streams and arguments, and from there on runs the very command that a fresh process would: it
loads `function_app` with Microsoft's worker library from the first line. What differs from a fresh process: hash seeds
are the same in all hosts of one zygote, `/proc/PID/cmdline` and `environ` show the zygote's, and an import that the app
itself forgot, or one that is slow, may not be missed. So it is for tests of behaviour; how the app loads is tested in
fresh processes, and people's sandboxes use those too. Linux only.
"""
