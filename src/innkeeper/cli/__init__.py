"""The command line `inn`: each command builds a request, lets its verb do it, and draws the view."""
