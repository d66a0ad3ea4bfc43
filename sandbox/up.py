"""What `make up` prints: where the faces of the sandbox are, a tour of a minute, and what programs need."""

from sandbox.settings import HR_SOURCE
from sandbox.world import World


def summary(world: World) -> str:
    """Write it for a world that is up, started with its faces."""
    storage = world.storage_ports
    return f"""
Day One Pass, a sandbox on this machine. Nothing here is real; never expose it.

  Start here    {world.tenant}/
  Inbox         {world.tenant}/inbox
  Lock screen   {world.tenant}/lock-screen
  Requests      {world.tenant}/requests      (what the app asked of Graph)
  Traces        {world.tenant}/traces        (what it tells of each hire)
  App           {world.app}/api/health
  Sign in       {world.app}/.auth/login/aad

A tour of a minute
  1. Start page: post the event of Amélie Brandt. She starts on a working day soon, in Berlin.
  2. Press "Next notice". Jana Hoffmann, her manager, has a first mail in the inbox.
  3. Press "Next morning". A second mail has the link: open it, sign in as Jana, show the pass.
  4. Lock screen, Amélie's device: Sign-in options, the globe, her user name amelie.brandt@larkspur.example, the pass.
  5. Restart there, and sign in again with the same pass. It works until the evening.

For programs
  Controls      {world.tenant}/_sandbox/…       (clock, inbox, requests, faults, directory, reset)
  Storage       {storage.address("table")}  and  {storage.address("queue")}
                (trust {world.certificates.authority})
  HR events     POST {world.app}/api/hr/{HR_SOURCE}, signed as Standard Webhooks with
                {world.vault.hr}

Ctrl-C ends it and removes all of it."""
