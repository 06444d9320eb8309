"""The playground: a server on this machine and the page that it shows, with the engine behind every number."""
