"""The sandbox: a stranger's file, run where it can do no harm to what is around it."""
