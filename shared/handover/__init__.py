"""From a sealed pass to one proven person: links, sealing, proof, claim, messages, the page."""
